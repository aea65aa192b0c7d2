//! What import is compared with: requests a second of nothing but requests, with and without a commit after each.

use std::error::Error;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use livegoods::results::{Disk, FileDisk};

use crate::Outcome;

/// As many blocking threads as import has, each sending the same body as fast as it is answered, and doing `between`
/// before the next.
pub fn bare(
    address: &str,
    threads: &str,
    requests: &str,
    between: &(dyn Fn() -> io::Result<()> + Sync),
) -> Outcome<()> {
    let (threads, requests): (u64, u64) = (threads.parse()?, requests.parse()?);
    let client = reqwest::blocking::Client::builder().build()?;
    let url = format!("http://{address}/wxaapi/broadcast/goods/add?access_token=token");
    let body = r#"{"goodsInfo":{"coverImgUrl":"SANDBOX-COVER-IMAGE-01","name":"正山小种 7","priceType":1,"price":99,"url":"pages/goods/detail?id=7"}}"#;
    let left = AtomicU64::new(requests);
    let take = || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_ok();
    let send_all = || -> Result<(), Box<dyn Error + Send + Sync>> {
        while take() {
            let post = client.post(&url).header("Content-Type", "application/json");
            post.body(body).send()?.bytes()?;
            between()?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let loops: Vec<_> = (0..threads).map(|_| scope.spawn(send_all)).collect();
        loops.into_iter().try_for_each(|handle| {
            handle.join().map_err(|_| "a thread panicked")?.map_err(|error| error as Box<dyn Error>)
        })
    })
}

/// The bare loop, its every request followed by as many bytes as import writes of a row, which one thread forces to
/// disk for all who wait.
pub fn committed(address: &str, threads: &str, requests: &str, file: &Path) -> Outcome<()> {
    const BYTES: usize = 400;
    File::create(file)?;
    let mut disk = FileDisk::open(file)?;
    let (rows, waiting) = crossbeam_channel::unbounded::<Arc<OnceLock<Result<(), io::ErrorKind>>>>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while let Ok(first) = waiting.recv() {
                let batch: Vec<_> = std::iter::once(first).chain(waiting.try_iter()).collect();
                let bytes = vec![b'x'; BYTES * batch.len()];
                let reserved = disk.reserve(bytes.len() as u64);
                let written = reserved.and_then(|()| disk.append(&bytes)).and_then(|()| disk.sync());
                for end in batch {
                    let _ = end.set(written.as_ref().copied().map_err(io::Error::kind));
                }
            }
        });
        bare(address, threads, requests, &|| {
            let end = Arc::default();
            rows.send(Arc::clone(&end)).map_err(|_| io::ErrorKind::BrokenPipe)?;
            (*end.wait()).map_err(io::Error::from)
        })?;
        // The writer ends with the last who could hand it something.
        drop(rows);
        Ok(())
    })
}
