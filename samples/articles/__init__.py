"""The made-up Republika day as data: what its pages say, and with that what a record must hold.

Every article but one (`wrap_detail.PUTIN`, the known example of the layout) is invented, people in
it are roles. An id is a clock, so ids are made from times (`model.article_id`). Articles in the
layouts of 2013-18 carry the ids of that day as well: the site serves old templates, and all of
them have to be read in one run.
"""
