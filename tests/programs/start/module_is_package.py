# as: module logging
