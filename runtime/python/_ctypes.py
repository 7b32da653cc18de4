"""What the standard library's `ctypes` is made of, which can not be had in the sandbox.

Packages that can do without `ctypes` are prepared for an `ImportError`; this one says why.
"""

raise ModuleNotFoundError(
    "ctypes is not available in the sandbox: WebAssembly can't call functions by their address",
    name="_ctypes",
)
