# as: module json.no_such_module
