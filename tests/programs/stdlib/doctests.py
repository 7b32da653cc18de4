import doctest


def double(n):
    """
    >>> double(2)
    4
    >>> double("a")
    'ab'
    """
    return n * 2


print(doctest.testmod())
