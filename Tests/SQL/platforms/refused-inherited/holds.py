"""Another table inherits from `videos`, and its rows fire none of our triggers: refused, and nothing is changed."""

REFUSED = "cannot follow the rows of premium_videos"
