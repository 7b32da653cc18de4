class Special(BaseException):
    pass


raise Special("own")
