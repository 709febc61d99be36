//! Cut between the school and the platform, and tried by two at once: the student is there once, and both sides
//! agree in the end.

use super::*;
use crate::ops::take_in;
use crate::wire::TransferAccept;
use kd_ctx::Turn;
use poem_openapi::types::Base64;

async fn registered(world: &World, id: TransferId) -> String {
    sql::scalar(world.house.store.platform(), "SELECT state FROM platform.transfer WHERE id = $1", [id.into()])
        .await
        .unwrap()
}

async fn begun(to: &House, file: &[u8]) -> Turn {
    let turn = to.school.turn(&to.admin).await;
    let content = Base64(file.to_vec());
    let new = TransferAccept { content, same_as: None, class_id: None, enrolled_on: None, guardians: Vec::new() };
    take_in(&turn, new).await.unwrap();
    turn
}

#[tokio::test]
async fn f03_an_acceptance_cut_before_its_commit_leaves_the_file_as_good_as_before() {
    let (world, from, to) = two().await;
    let (timur, ..) = from.timur().await;
    let (id, file) = from.exported(&timur, &to, &[]).await;
    drop(begun(&to, &file).await);
    assert_eq!(registered(&world, id).await, "accepting");
    assert_eq!(from.state(&timur).await, "accepting");
    let back = format!("/transfers/{id}/withdraw");
    assert_eq!(from.door.post(&back, &json!({})).await.code(), "transfers.being-accepted");
    crate::settle(&world.house).await.unwrap();
    assert_eq!(registered(&world, id).await, "issued");
    to.door.post("/transfers/accept", &accepting(&file, &[])).await.expect(200);
    assert_eq!(registered(&world, id).await, "accepted");
    assert_eq!(to.count("SELECT count(*) FROM profile WHERE kind = 'student'").await, 1);
}

#[tokio::test]
async fn f03_an_acceptance_cut_before_its_commit_may_also_just_be_repeated() {
    let (world, from, to) = two().await;
    let (timur, ..) = from.timur().await;
    let (id, file) = from.exported(&timur, &to, &[]).await;
    drop(begun(&to, &file).await);
    to.door.post("/transfers/accept", &accepting(&file, &[])).await.expect(200);
    assert_eq!(registered(&world, id).await, "accepted");
    assert_eq!(to.count("SELECT count(*) FROM profile WHERE kind = 'student'").await, 1);
}

#[tokio::test]
async fn f03_an_acceptance_cut_after_its_commit_is_told_later_and_not_repeated() {
    let (world, from, to) = two().await;
    let (timur, ..) = from.timur().await;
    let (id, file) = from.exported(&timur, &to, &[]).await;
    begun(&to, &file).await.commit().await.unwrap();
    assert_eq!(registered(&world, id).await, "accepting");
    assert_eq!(to.door.post("/transfers/accept", &accepting(&file, &[])).await.code(), "transfers.accepted-already");
    for _ in 0..2 {
        crate::settle(&world.house).await.unwrap();
        assert_eq!(registered(&world, id).await, "accepted");
        assert_eq!(from.count("SELECT count(*) FROM transfer_out WHERE state = 'accepted' AND file IS NULL").await, 1);
    }
    assert_eq!(from.state(&timur).await, "accepted");
    assert_eq!(to.count("SELECT count(*) FROM profile WHERE kind = 'student'").await, 1);
}

#[tokio::test]
async fn f03_while_one_accepts_nobody_else_does_and_nothing_is_settled() {
    let (world, from, to) = two().await;
    let (timur, ..) = from.timur().await;
    let (id, file) = from.exported(&timur, &to, &[]).await;
    let turn = begun(&to, &file).await;
    assert_eq!(to.door.post("/transfers/accept", &accepting(&file, &[])).await.code(), "transfers.being-accepted");
    crate::settle(&world.house).await.unwrap();
    assert_eq!(registered(&world, id).await, "accepting", "who is at it is left in peace");
    turn.commit().await.unwrap();
    crate::settle(&world.house).await.unwrap();
    assert_eq!(registered(&world, id).await, "accepted");
    assert_eq!(to.count("SELECT count(*) FROM transfer_in").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn f03_many_at_once_make_one_student() {
    let (_, from, to) = two().await;
    let (timur, mother, _) = from.timur().await;
    let (_, file) = from.exported(&timur, &to, &[&mother]).await;
    let body = accepting(&file, &[0]);
    let tries: Vec<_> = (0..12)
        .map(|_| {
            let (door, body) = (to.door.clone(), body.clone());
            tokio::spawn(async move { door.post("/transfers/accept", &body).await })
        })
        .collect();
    let mut done = 0;
    for one in tries {
        let reply = one.await.unwrap();
        let refused = ["transfers.being-accepted", "transfers.accepted-already"];
        done += usize::from(reply.status == 200);
        assert!(reply.status == 200 || refused.contains(&reply.code().as_str()), "{}", reply.code());
    }
    assert_eq!((done, to.count("SELECT count(*) FROM profile WHERE kind <> 'staff'").await), (1, 2));
    assert_eq!(from.state(&timur).await, "accepted");
}

#[tokio::test]
async fn a_withdrawal_that_was_cut_is_the_same_once_more() {
    let (world, from, to) = two().await;
    let (timur, ..) = from.timur().await;
    let (id, _) = from.exported(&timur, &to, &[]).await;
    let platform = world.house.store.platform();
    assert!(crate::registry::withdraw(platform, id, from.school.card.id, world.clock.now()).await.unwrap());
    assert_eq!(from.state(&timur).await, "withdrawn");
    let back = from.door.post(&format!("/transfers/{id}/withdraw"), &json!({})).await.expect(200);
    assert_eq!(back["state"], "withdrawn");
    assert_eq!(from.count("SELECT count(*) FROM transfer_out WHERE file IS NOT NULL").await, 0);
}

#[tokio::test]
async fn a_transfer_is_taken_in_hand_while_it_is_open_and_by_its_school_alone() {
    let (world, from, to) = two().await;
    let (timur, ..) = from.timur().await;
    let (id, _) = from.exported(&timur, &to, &[]).await;
    let (platform, now) = (world.house.store.platform(), world.clock.now());
    let (there, here) = (to.school.card.id, from.school.card.id);
    let late = now + TimeDelta::days(30);
    assert!(!crate::registry::claim(platform, id, here, now).await.unwrap(), "another school");
    assert!(!crate::registry::claim(platform, id, there, late).await.unwrap(), "after its time");
    assert!(crate::registry::claim(platform, id, there, now).await.unwrap());
    assert!(crate::registry::claim(platform, id, there, late).await.unwrap(), "who has begun may end");
    assert!(!crate::registry::withdraw(platform, id, here, now).await.unwrap(), "somebody has it in hand");
    crate::registry::release(platform, id).await.unwrap();
    assert!(!crate::registry::withdraw(platform, id, there, now).await.unwrap(), "it is not theirs to take back");
    assert!(crate::registry::withdraw(platform, id, here, now).await.unwrap());
    assert!(!crate::registry::claim(platform, id, there, now).await.unwrap(), "withdrawn");
    assert_eq!(registered(&world, id).await, "withdrawn");
}
