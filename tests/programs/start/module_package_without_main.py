# as: module json.decoder.nothing
