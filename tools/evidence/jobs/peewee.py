# Stores and queries records.
import peewee

database = peewee.SqliteDatabase("/tmp/notes.db")


class Note(peewee.Model):
    text = peewee.TextField()

    class Meta:
        database = database


database.create_tables([Note])
with database.atomic():
    for text in ("a", "b"):
        Note.create(text=text)
assert [note.text for note in Note.select().where(Note.text > "a")] == ["b"]
