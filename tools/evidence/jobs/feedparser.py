# Reads a feed.
import feedparser

feed = feedparser.parse("<rss version='2.0'><channel><title>T</title><item><title>One</title></item></channel></rss>")
assert feed.feed.title == "T" and [entry.title for entry in feed.entries] == ["One"]
