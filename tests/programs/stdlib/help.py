def greet(name: str, *, loud: bool = False) -> str:
    """Says hello."""


help(greet)
help("keywords")
