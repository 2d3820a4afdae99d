"""The race's lessons, in teaching order."""

from pages.lessons.conditions import AROUND, RESTRAINTS, SCHEDULES
from pages.lessons.first_order import ADAPTIVE, DESCENT, MOMENTUM
from pages.lessons.lesson import Lesson
from pages.lessons.second_order import SECOND_ORDER

LESSONS: dict[str, Lesson] = {
    lesson.key: lesson for lesson in (*DESCENT, *MOMENTUM, *ADAPTIVE, *AROUND, *SCHEDULES, *RESTRAINTS, *SECOND_ORDER)
}
