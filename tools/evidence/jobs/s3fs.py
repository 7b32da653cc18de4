# Makes a file system of S3 in an event loop and parses addresses, without a network.
import asyncio

import s3fs


async def main():
    files = s3fs.S3FileSystem(asynchronous=True, key="k", secret="s", skip_instance_cache=True)
    assert files.split_path("s3://bucket/a/b.txt")[:2] == ("bucket", "a/b.txt")
    assert files._strip_protocol("s3://bucket/a/") == "bucket/a"
    assert "s3" in files.protocol


asyncio.run(main())
