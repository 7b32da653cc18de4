from pathlib import Path

root = Path("/tmp/p")
(root / "x" / "y").mkdir(parents=True)
(root / "a.txt").write_text("text é", encoding="utf-8")
(root / "x" / "b.txt").write_bytes(b"\x00\xff")
print(sorted(str(path) for path in root.rglob("*")), sorted(root.glob("**/*.txt")))
print((root / "a.txt").read_text(), (root / "a.txt").stat().st_size, (root / "a.txt").suffix)
(root / "a.txt").rename(root / "c.txt").unlink()
print(list(root.iterdir()), Path.cwd(), (root / "x" / ".." / "x").resolve(), root.is_dir())
(root / "touched").touch()
print((root / "touched").exists(), (root / "touched").read_bytes())
