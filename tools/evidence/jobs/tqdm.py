# Counts while it goes.
import io

import tqdm

shown = io.StringIO()
assert sum(tqdm.tqdm(range(10), file=shown)) == 45
assert "10/10" in shown.getvalue()
