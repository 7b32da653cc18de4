# Makes a file system of S3 and parses addresses, without a network.
# threads: inline
import s3fs

files = s3fs.S3FileSystem(key="k", secret="s", skip_instance_cache=True)
assert files.split_path("s3://bucket/a/b.txt")[:2] == ("bucket", "a/b.txt")
assert files._strip_protocol("s3://bucket/a/") == "bucket/a"
assert "s3" in files.protocol
