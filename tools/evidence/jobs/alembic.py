# Moves a database from one version to the next and back.
import sqlalchemy
from alembic.migration import MigrationContext
from alembic.operations import Operations

engine = sqlalchemy.create_engine("sqlite:////tmp/moved.db")
with engine.begin() as connection:
    operations = Operations(MigrationContext.configure(connection))
    operations.create_table("a", sqlalchemy.Column("id", sqlalchemy.Integer, primary_key=True))
    operations.add_column("a", sqlalchemy.Column("name", sqlalchemy.Text))
    with operations.batch_alter_table("a") as batch:
        batch.alter_column("name", new_column_name="title")
names = [column["name"] for column in sqlalchemy.inspect(engine).get_columns("a")]
assert names == ["id", "title"], names
