//! A process that dies at a chosen step: whatever it tries afterwards fails.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use livegoods::goods::{AuditId, AuditStatus, GoodsId};
use livegoods::library::{Change, GoodsInfo, Listed, Page};
use livegoods::results::{Disk, FileDisk};
use livegoods::wechat::{Added, Call, Failure, QuotaFigures, Service};

/// Counts the steps of a life, and ends it at one of them.
pub struct Fuse {
    taken: AtomicU64,
    last: u64,
}

impl Fuse {
    /// A life that ends at step `last`, counted from 1.
    pub fn of(last: u64) -> Arc<Self> {
        Arc::new(Self { taken: AtomicU64::new(0), last })
    }

    /// A life without an end.
    pub fn endless() -> Arc<Self> {
        Self::of(u64::MAX)
    }

    /// Steps so far.
    pub fn steps(&self) -> u64 {
        self.taken.load(Ordering::SeqCst)
    }

    /// Takes one step; whether it was survived.
    fn step(&self) -> bool {
        self.taken.fetch_add(1, Ordering::SeqCst) + 1 < self.last
    }
}

/// A file that is appended to as long as the process lives; it may die with half of the bytes written.
pub struct MortalDisk {
    file: FileDisk,
    fuse: Arc<Fuse>,
}

impl MortalDisk {
    /// Opens `path`.
    pub fn open(path: &Path, fuse: &Arc<Fuse>) -> Self {
        Self { file: FileDisk::open(path).expect("results"), fuse: Arc::clone(fuse) }
    }

    fn step(&self) -> io::Result<()> {
        if self.fuse.step() { Ok(()) } else { Err(io::Error::other("died")) }
    }
}

impl Disk for MortalDisk {
    fn reserve(&mut self, bytes: u64) -> io::Result<()> {
        self.file.reserve(bytes)
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.step()?;
        let half = bytes.len() / 2;
        self.file.append(&bytes[..half])?;
        self.step()?;
        self.file.append(&bytes[half..])?;
        self.step()
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync()?;
        self.step()
    }
}

/// A service that the process reaches as long as it lives; it may die before a call arrives and after it was
/// carried out.
pub struct MortalService {
    pub service: Arc<dyn Service>,
    pub fuse: Arc<Fuse>,
}

impl MortalService {
    fn call<T>(&self, make: impl FnOnce(&dyn Service) -> Result<T, Failure>) -> Result<T, Failure> {
        let died = || Failure::Lost("died".to_owned());
        if !self.fuse.step() {
            return Err(died());
        }
        let answer = make(&*self.service);
        if self.fuse.step() { answer } else { Err(died()) }
    }
}

impl Service for MortalService {
    fn add(&self, goods: &GoodsInfo) -> Result<Added, Failure> {
        self.call(|service| service.add(goods))
    }

    fn withdraw(&self, goods: GoodsId, audit: AuditId) -> Result<(), Failure> {
        self.call(|service| service.withdraw(goods, audit))
    }

    fn resubmit(&self, goods: GoodsId) -> Result<AuditId, Failure> {
        self.call(|service| service.resubmit(goods))
    }

    fn delete(&self, goods: GoodsId) -> Result<(), Failure> {
        self.call(|service| service.delete(goods))
    }

    fn update(&self, goods: GoodsId, change: &Change) -> Result<(), Failure> {
        self.call(|service| service.update(goods, change))
    }

    fn upload(&self, picture: &[u8], filename: &str) -> Result<String, Failure> {
        self.call(|service| service.upload(picture, filename))
    }

    fn list(&self, status: AuditStatus, offset: u64, limit: u64) -> Result<Page, Failure> {
        self.call(|service| service.list(status, offset, limit))
    }

    fn status(&self, ids: &[GoodsId]) -> Result<Vec<Listed>, Failure> {
        self.call(|service| service.status(ids))
    }

    fn quota(&self, call: Call) -> Result<QuotaFigures, Failure> {
        self.call(|service| service.quota(call))
    }

    fn renew(&self, stale: u64) -> Result<bool, Failure> {
        self.call(|service| service.renew(stale))
    }
}
