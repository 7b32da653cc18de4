# Maps classes to tables, inserts, joins and queries.
from sqlalchemy import ForeignKey, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list["Book"]] = relationship(back_populates="author")


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    author: Mapped[Author] = relationship(back_populates="books")


engine = create_engine("sqlite:////tmp/books.db")
Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add(Author(name="Ada", books=[Book(title="Notes"), Book(title="More")]))
    session.commit()
with Session(engine) as session:
    query = select(Author.name, func.count(Book.id)).join(Book).group_by(Author.name)
    assert session.execute(query).all() == [("Ada", 2)]
    assert {book.title for book in session.scalars(select(Book))} == {"Notes", "More"}
engine.dispose()
