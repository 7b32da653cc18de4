"""The parts of `_ssl`: what stands in for TLS where there is none."""
