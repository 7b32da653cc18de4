# Invents the same people for the same seed.
from faker import Faker

Faker.seed(7)
first = [Faker("de_DE").name() for _ in range(3)]
Faker.seed(7)
assert [Faker("de_DE").name() for _ in range(3)] == first
