for source in (
    "import multiprocessing; multiprocessing.Process(target=print).start()",
    "import multiprocessing; multiprocessing.Pool(1)",
    "import concurrent.futures; concurrent.futures.ProcessPoolExecutor().submit(print)",
    "import multiprocessing; multiprocessing.Queue()",
):
    try:
        exec(source)
        print("started")
    except (OSError, ImportError, NotImplementedError, AttributeError) as error:
        print(type(error).__name__, error)
