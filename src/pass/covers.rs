//! A row's cover into a media id of the mini-program: read, prepared, and uploaded unless that was done not long ago.

use std::sync::Arc;

use crate::cover::{CoverFault, Digest, Prepared, Preparer, Sources, Turn, Uploads};
use crate::exit::Stop;
use crate::goods::{Cover, Fault, Issue};
use crate::plan::SentCover;
use crate::results::{Note, Wording, digest_of};
use crate::sheet::{Columns, Field};
use crate::wechat::{Call, Class, Refusal};

use super::Calls;

/// Where covers come from and where it is remembered what they were uploaded as.
pub struct Covers {
    /// The pictures.
    pub sources: Arc<Sources>,
    /// Makes them fit.
    pub preparer: Preparer,
    /// What was uploaded when.
    pub uploads: Uploads,
    /// The sheet's columns, for what is said of a picture that cannot be had.
    pub columns: Columns,
}

/// What came of the wish for a media id.
#[derive(Clone, Debug, PartialEq)]
pub enum Had {
    /// It can be sent.
    Ready(SentCover),
    /// The picture cannot be had, or is none.
    Unfit(CoverFault),
    /// The service does not take the picture.
    Refused {
        /// What it said.
        refusal: Refusal,
        /// What the results say of the picture.
        digest: String,
    },
}

impl Covers {
    /// The media id of a cover. At most one thread uploads a picture, and the others wait for it.
    ///
    /// # Errors
    /// What stops the run: the state cannot be written, `media` is spent, the service cannot be reached.
    pub fn get(&self, calls: &Calls, cover: &Cover) -> Result<Had, Stop> {
        if let Cover::MediaId(id) = cover {
            return Ok(Had::Ready(SentCover { media_id: id.clone(), digest: digest_of(cover) }));
        }
        let picture = match self.sources.read(cover).and_then(|read| read.ok_or(CoverFault::PictureMissing)) {
            Ok(picture) => picture,
            Err(_) if calls.stop.is_set() => return Err(calls.stopped()),
            Err(fault) => return Ok(Had::Unfit(fault)),
        };
        // Tells an unchanged picture without decoding it.
        let source = picture.digest();
        if let Some(media_id) = self.uploads.find(source)? {
            return Ok(ready(media_id, source));
        }
        let prepared = match self.preparer.prepare_view(picture.bytes(), picture.view()) {
            Ok(prepared) => Prepared { bytes: prepared.bytes.into_owned().into(), ..prepared },
            Err(fault) => return Ok(Had::Unfit(fault)),
        };
        // While it is uploaded, other pictures have the room.
        drop(picture);
        self.upload(calls, source, &prepared)
    }

    /// Another media id for a cover, in place of one that the service refused; `None` when there is none to be had.
    ///
    /// # Errors
    /// As [`Covers::get`].
    pub fn renew(&self, calls: &Calls, cover: &Cover, refused: &str) -> Result<Option<SentCover>, Stop> {
        self.uploads.forget(refused)?;
        Ok(match self.get(calls, cover)? {
            Had::Ready(cover) => Some(cover),
            Had::Unfit(_) | Had::Refused { .. } => None,
        })
    }

    /// What the note of a row says whose picture cannot be had.
    pub fn note(&self, fault: CoverFault, wording: Wording) -> String {
        let issues = [Issue { field: Field::Cover, fault: Fault::Cover(fault) }];
        wording(&Note::Invalid { issues: &issues, columns: &self.columns })
    }

    /// `source` is the digest of what was read, and `prepared` what is made of it.
    fn upload(&self, calls: &Calls, source: Digest, prepared: &Prepared<'_>) -> Result<Had, Stop> {
        let digest = Digest::of(&prepared.bytes);
        let media_id = match self.uploads.turn(digest)? {
            Turn::Known(media_id) => media_id,
            Turn::Ours(upload) => {
                let mut at = calls.clock.now();
                let call = || {
                    at = calls.clock.now();
                    calls.ask(Call::Upload, |service| {
                        service.upload(&prepared.bytes, prepared.format.filename())
                    })
                };
                match twice(call)? {
                    Ok(media_id) => {
                        upload.done(&media_id, at)?;
                        media_id
                    }
                    Err(refusal) => {
                        let digest = source.to_string();
                        return Ok(Had::Refused { refusal, digest });
                    }
                }
            }
        };
        if source != digest {
            self.uploads.alias(source, digest)?;
        }
        Ok(ready(media_id, source))
    }
}

/// What the results say of a cover's content as it is now; `None` when its picture cannot be had.
pub fn digest_now(sources: &Sources, cover: &Cover) -> Option<String> {
    if cover.is_picture() { sources.digest(cover) } else { Some(digest_of(cover)) }
}

/// A picture that the service could not take is offered once more.
fn twice(
    mut call: impl FnMut() -> Result<Result<String, Refusal>, Stop>,
) -> Result<Result<String, Refusal>, Stop> {
    match call()? {
        Err(refusal) if refusal.class() == Class::Picture => call(),
        answer => Ok(answer),
    }
}

fn ready(media_id: String, source: Digest) -> Had {
    Had::Ready(SentCover { media_id, digest: source.to_string() })
}
