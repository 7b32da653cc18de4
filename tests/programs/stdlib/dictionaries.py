from compression import zstd

samples = [b"GET /index/%d HTTP/1.1\nHost: example.org\n" % number for number in range(300)]
trained = zstd.train_dict(samples, 2048)
sample = samples[7]
for dictionary in trained, trained.as_digested_dict, trained.as_undigested_dict, trained.as_prefix:
    packed = zstd.compress(sample, zstd_dict=dictionary)
    print(len(packed) < len(zstd.compress(sample)), zstd.decompress(packed, dictionary) == sample)
finished = zstd.finalize_dict(trained, samples, 2048, 3)
print(zstd.get_frame_info(zstd.compress(sample, zstd_dict=finished)).dictionary_id == finished.dict_id)
print(zstd.CompressionParameter.nb_workers.bounds())
