//! How many connections there may be at a time: in all, and from one network.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::caller::{is_trusted, network};
use crate::limits::REFUSED;

/// The most connections at a time; more wait at the door.
const MOST: usize = 10_000;
/// The most of them from one network that is none of our proxies': an office has fewer, a flood would take them all.
const MOST_FROM_ONE: usize = 1_000;

type Taken = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// Who sits where. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Seats {
    room: Arc<Semaphore>,
    taken: Taken,
}

/// A connection's place, free again when this is dropped.
#[derive(Debug)]
pub struct Seat {
    _room: OwnedSemaphorePermit,
    counted: Option<(IpAddr, Taken)>,
}

impl Default for Seats {
    fn default() -> Self {
        Self { room: Arc::new(Semaphore::new(MOST)), taken: Taken::default() }
    }
}

impl Seats {
    /// Waits until there is room for one more.
    pub async fn room(&self) -> OwnedSemaphorePermit {
        Arc::clone(&self.room).acquire_owned().await.expect("the semaphore is never closed")
    }

    /// Room for one more, if there is some now.
    pub fn free_room(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.room).try_acquire_owned().ok()
    }

    /// Takes the room for a caller, unless its network has too much of it already.
    pub fn take(&self, room: OwnedSemaphorePermit, peer: IpAddr) -> Option<Seat> {
        if is_trusted(peer) {
            return Some(Seat { _room: room, counted: None });
        }
        let network = network(peer);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(network).or_default();
        if *count >= MOST_FROM_ONE {
            metrics::counter!(REFUSED, "reason" => "connections").increment(1);
            return None;
        }
        *count += 1;
        Some(Seat { _room: room, counted: Some((network, Arc::clone(&self.taken))) })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some((network, taken)) = &self.counted else { return };
        let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(network) {
            *count -= 1;
            if *count == 0 {
                taken.remove(network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_network_does_not_take_every_seat() {
        let seats = Seats::default();
        let sit = async |peer: &str| seats.take(seats.room().await, peer.parse().unwrap());
        let mut held = Vec::new();
        for _ in 0..MOST_FROM_ONE {
            held.push(sit("192.0.2.7").await.unwrap());
        }
        assert!(sit("192.0.2.7").await.is_none());
        assert!(sit("192.0.2.8").await.is_some(), "another network");
        held.push(sit("127.0.0.1").await.unwrap());
        drop(held.remove(0));
        assert!(sit("192.0.2.7").await.is_some());
        drop(held);
        assert!(seats.taken.lock().unwrap().is_empty(), "nobody is remembered who has gone");
        assert_eq!(seats.room.available_permits(), MOST);
    }
}
