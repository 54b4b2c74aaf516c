"""From an uploaded file to an upright picture that every browser shows: pure functions on bytes, no Django, no rows."""
