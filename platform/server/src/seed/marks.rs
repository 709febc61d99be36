//! Marks and attendance of the lessons that were held: in bulk, in one school transaction, with the
//! history that every cell has.

use std::sync::Arc;

use anyhow::{Context, Result};
use kd_ctx::House;
use kd_kernel::AccountId;
use kd_store::{Mode, sql};

use crate::seed::SLUG;

/// Writes them; returns how many marks. Which cell gets what follows from a hash of lesson and student, so
/// that it looks like life and is the same each time.
pub(crate) async fn write(house: &Arc<House>, _by: &AccountId) -> Result<u64> {
    let school = house.school(SLUG).await?.context("the school")?;
    let tx = house.store.begin(school.place(), Mode::Write).await?;
    let today = house.clock.today();
    sql::run(
        &tx,
        "INSERT INTO work (id, lesson_id, kind, max, position, created_at) \
         SELECT uuidv7(), l.id, 'fo', 10, 1, now() FROM lesson l JOIN class c ON c.id = l.class_id \
         WHERE l.held_on <= $1 AND c.grade >= 2 ON CONFLICT DO NOTHING",
        [today.into()],
    )
    .await?;
    let marks = sql::run(
        &tx,
        "INSERT INTO mark (id, work_id, student_id, value, version, set_by, set_at) \
         SELECT uuidv7(), w.id, m.student_id, 4 + (abs(hashtext(m.student_id::text)) % 4 + abs(hashtext(l.id::text || m.student_id::text)) % 4), \
         1, l.teacher_id, l.held_on + l.ends FROM work w JOIN lesson l ON l.id = w.lesson_id \
         JOIN class_member m ON m.class_id = l.class_id AND m.left_on IS NULL \
         WHERE abs(hashtext(m.student_id::text || l.id::text)) % 10 < 3 ON CONFLICT DO NOTHING",
        [],
    )
    .await?;
    sql::run(
        &tx,
        "INSERT INTO attendance (id, lesson_id, student_id, code, version, set_by, set_at) \
         SELECT uuidv7(), l.id, m.student_id, (ARRAY['ill', 'absent_excused', 'absent_unexcused', 'late'])[1 + abs(hashtext(l.id::text)) % 4], \
         1, l.teacher_id, l.held_on + l.ends FROM lesson l JOIN class_member m ON m.class_id = l.class_id AND m.left_on IS NULL \
         WHERE l.held_on <= $1 AND abs(hashtext('a' || m.student_id::text || l.id::text)) % 25 = 0 \
         AND NOT EXISTS (SELECT FROM mark k JOIN work w ON w.id = k.work_id WHERE w.lesson_id = l.id AND k.student_id = m.student_id) \
         ON CONFLICT DO NOTHING",
        [today.into()],
    )
    .await?;
    sql::run(
        &tx,
        "INSERT INTO cell_history (id, lesson_id, student_id, what, after, version, set_by, set_at) \
         SELECT uuidv7(), w.lesson_id, m.student_id, 'mark', m.value::text, 1, m.set_by, m.set_at \
         FROM mark m JOIN work w ON w.id = m.work_id UNION ALL \
         SELECT uuidv7(), lesson_id, student_id, 'attendance', code, 1, set_by, set_at FROM attendance ON CONFLICT DO NOTHING",
        [],
    )
    .await?;
    sql::run(
        &tx,
        "INSERT INTO roll (lesson_id, taken_by, taken_at) SELECT id, teacher_id, held_on + begins FROM lesson \
         WHERE held_on < $1 ON CONFLICT DO NOTHING",
        [today.into()],
    )
    .await?;
    tx.commit().await?;
    Ok(marks)
}
