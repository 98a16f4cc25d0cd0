"""What the database itself is made to hold: tables that are append-only (`append_only`) or frozen once a row stands
for something (`frozen_once`), many models made at once (`create_models`), writing very many rows (`bulk`), columns that
follow a name (`spelled`), questions whose SQL is put together once (`prepared`), rows that wait for one another
(`locking`), and many questions put to one state of it (`snapshot`).
"""
