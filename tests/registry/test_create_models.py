"""Many models created by one operation: the same tables, whichever refers to which."""

from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from registry.database.create_models import CreateModels


def _model(name, other):
    return migrations.CreateModel(
        name,
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("other", models.ForeignKey(f"made.{other}", models.PROTECT, null=True, related_name="+")),
        ],
    )


# Each refers to the other, so no order would do for one operation a model.
TOGETHER = CreateModels([_model("Egg", "Hen"), _model("Hen", "Egg")])


def _sql(way, before, after) -> str:
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        way("made", editor, before, after)
    return "\n".join(editor.collected_sql)


def test_they_are_created_and_dropped_together(transactional_db):
    before, after = ProjectState(), ProjectState()
    assert not list(before.apps.get_models())  # the image of a project without them is there already
    TOGETHER.state_forwards("made", after)
    assert {model.__name__ for model in after.apps.get_models()} == {"Egg", "Hen"}
    created = _sql(TOGETHER.database_forwards, before, after)
    assert created.index('CREATE TABLE "made_egg"') < created.index('CREATE TABLE "made_hen"')
    assert created.count("REFERENCES") == 2
    dropped = _sql(TOGETHER.database_backwards, after, before)
    assert dropped.index('DROP TABLE "made_hen"') < dropped.index('DROP TABLE "made_egg"')


def test_an_image_made_before_is_made_anew():
    state = ProjectState()
    assert not list(state.apps.get_models())
    TOGETHER.state_forwards("made", state)
    assert state.apps.get_model("made", "Egg")._meta.get_field("other").related_model.__name__ == "Hen"
