"""XLIFF and PO: texts that leave for translators and come back. `rows` has what every format consists of; tables of shops
are beside the other tables, in `catalog.files.translations`."""
