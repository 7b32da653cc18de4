# as: module no_such_module
