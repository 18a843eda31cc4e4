/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CAPS_H
#define CAPS_H

/*
 * Every limit of the program, each with its reason.  A document that reaches
 * one is reported as INDETERMINATE with a code, never as valid.
 */

/* --- a whole document --- */
/* Documents up to this size are copied into memory: one consistent snapshot
 * that nobody can change between parsing and hashing.  Larger ones are mapped. */
#define CAP_SNAPSHOT   (8u << 20)
/* A chunk of streamed hashing: stays in the second-level cache. */
#define CAP_HASH_CHUNK (256u << 10)
/* All that one verification may allocate for objects, certificates, texts. */
#define CAP_ARENA      (256u << 20)
/* The largest document looked at.  Offsets are 64 bits; ten decimal digits in
 * a classic cross-reference table end at just under 10^10. */
#define CAP_DOCUMENT   (9999999999ull)

/* --- PDF structure (rule S3, S9) --- */
#define CAP_SECTIONS     500          /* revisions: the longest real chain seen has 60 */
#define CAP_OBJECTS      5000000u     /* entries over all sections */
#define CAP_DEPTH        100          /* nesting of arrays and dictionaries */
#define CAP_NESTING      8            /* objects read to read one: its stream, that one's length */
#define CAP_STREAM       (64u << 20)  /* one decoded stream: a bomb inflates 1000:1 */
#define CAP_DECODED      (512u << 20) /* all decoded streams of a document */
#define CAP_WALK         4000000u     /* steps of one tree walk */
#define CAP_PARSED       (256u << 20) /* bytes read as objects: they can lie in one another */
#define CAP_FILTERS      4            /* of one stream: more is no evidence and no structure */
#define CAP_STRING       (1u << 20)   /* one string or name token, /Contents excepted */
#define CAP_HEX_STRING   (8u << 20)   /* one hex string: a CMS of CAP_CMS, and padding */
#define CAP_PAGES        200000u      /* page-tree leaves counted */
#define CAP_FIELDS       20000u       /* form fields over all revisions */
#define CAP_SIGNATURES   200          /* signatures reported; more is hostile */
#define CAP_EOF_WINDOW   1024         /* rule S2: startxref lies in the last bytes */
#define CAP_FINDINGS     256          /* findings kept per document and per signature */
/* The raw search for byte ranges leaves out the bodies of streams this large, in a mapped
 * document of so few objects: pictures, of which a gigabyte would take longer than its hash. */
#define CAP_SKIP_BODY    (1u << 20)
#define CAP_SKIP_OBJECTS 10000u
#define CAP_CANDIDATES   64  /* prefixes tried where the main chain is broken */
#define CAP_PASSWORD     127 /* octets of a password: ISO 32000-2, 7.6.4.3.3 uses no more */
/* Rounds of its hash (algorithm 2.B): the 64th or a later one is the last when an octet is at
 * most its number less 32, which 255 is in the 287th. */
#define CAP_HASH_ROUNDS  288
#define CAP_KEY_TRIES    4 /* unlike /Encrypt dictionaries tried over the prefixes of one file */

/* --- hidden content: what is left out at a limit is only a warning --- */
#define CAP_NOTICES            64           /* told of one document: nobody reads more */
#define CAP_NOTICE_KIND        8            /* so that a thousand scripts hide no hidden page */
#define CAP_NOTICE_MEMORY      (32u << 20)  /* of the search: a few megabytes of objects */
#define CAP_NOTICE_OBJECTS     (1u << 20)   /* numbers of a document that is searched */
#define CAP_NOTICE_PEEK        4096         /* bytes that say whether an object can matter */
#define CAP_NOTICE_PAIRS       100000u      /* annotations compared: under a millisecond */
#define CAP_NOTICE_SHOWN       4096         /* characters of a field compared with its value */
#define CAP_NOTICE_STEPS       1000000u     /* of the search: a book of 350 pages takes 200,000 */
#define CAP_NOTICE_APPEARANCES (8u << 20)   /* bytes of all appearances that are read */
#define CAP_NOTICE_APPEARANCE  (256u << 10) /* bytes of an appearance that is read for them */

/* --- CMS, certificates, evidence (rule C9) --- */
#define CAP_CMS           (1u << 20)   /* one CMS: real ones are under 200 KiB */
#define CAP_TOKEN         (256u << 10) /* one timestamp token */
#define CAP_CERT          (64u << 10)  /* one certificate */
#define CAP_CERTS         256          /* certificates of one document */
#define CAP_CMS_CERTS     64           /* in one CMS */
#define CAP_ATTRS         64           /* attributes of one signer */
#define CAP_CMS_CRLS      16           /* in one CMS */
#define CAP_TIMESTAMPS    32           /* timestamps of one signature */
#define CAP_CRL           (32u << 20)  /* one CRL */
#define CAP_OCSP          (256u << 10) /* one OCSP response */
#define CAP_OCSP_SINGLES  64           /* certificates it speaks of: real ones name one or a few */
#define CAP_EVIDENCE      512          /* OCSP responses and CRLs of one document */
#define CAP_DER_DEPTH     32           /* nesting of BER/DER */
#define CAP_CHAIN         8            /* certificates of one path */
#define CAP_PATH_TRIES    128          /* issuer candidates tried for one path */
#define CAP_PK_OPS        20000 /* public-key work for one document: half a second of RSA-2048 */
#define CAP_CERT_CACHE    8192  /* parsed certificates a process remembers */
#define CAP_REVOKED_DEPTH 3     /* responder of a responder of a … */
#define CAP_CLOCK_SKEW    300   /* seconds a foreign clock may be ahead */
#define CAP_TRUST_FILE    (4u << 20)  /* one file of a trust folder: a few thousand certificates */
#define CAP_TRUST_HOSTS   64          /* hosts, or addresses of issuers, of one certificate */
#define CAP_TRUST_TEXT    500         /* octets of a reason or a name in its history: a paragraph */
#define CAP_TRUST_LIST    (16u << 20) /* an ETSI trust list: that of a large country has 4 MiB */
#define CAP_TRUST         (64u << 20) /* memory for reading a trust folder */
#define CAP_POLICY_CONF   (16u << 10) /* policy.conf: a few reasons, each a paragraph at most */
#define CAP_POLICIES      8           /* policies in it */

/* --- processes --- */
#define CAP_WIRE            (4u << 20)     /* one encoded report */
#define CAP_TEXT            4096           /* one text of a report */
#define CAP_LIST            4096           /* changes, or locked fields, of one signature */
#define CAP_INSPECT_SECONDS 20             /* wall clock of one inspector */
#define CAP_INSPECT_CPU     15             /* CPU seconds of one inspector */
#define CAP_INSPECT_MEMORY  (768ull << 20) /* address space added by one document */
#define CAP_INSPECTORS      16             /* documents looked at at once */
#define CAP_INSPECT_QUEUE   128            /* documents that wait for an inspector: 0.2 s of work */

/* --- drawing --- */
/* One document's drawer, CPU and wall clock.  A letter's page takes 10 to 100 ms; a content
 * stream of a kilobyte can ask for hours. */
#define CAP_DRAW_CPU              4
#define CAP_DRAW_SECONDS          8
#define CAP_DRAW_PICTURES_CPU     8
#define CAP_DRAW_PICTURES_SECONDS 12
/* for an answer: longer than a drawer lives, less than an inspector */
#define CAP_DRAW_WAIT_SECONDS     14
#define CAP_DRAW_MEMORY           (512ull << 20) /* address space added by one document */
#define CAP_DRAWERS               4              /* at once: one letter in a hundred needs one */
#define CAP_DRAW_SIDE             1200    /* pixels; a point is one, on an A4 page (595 x 842) */
#define CAP_DRAW_POINTS           14400.0 /* side of a page: ISO 32000-1's own limit, 5 m */
#define CAP_DIFFER_PAGES          20      /* pages drawn twice for one document */
/*
 * What a later stamp may lie over before it counts as covering the page: a tag of one letter,
 * which marks its place (# of 12 points has 41 square points of ink, of 14 it has 61),
 * and not two letters, nor one digit of an amount (46 and its neighbours: 120).  A stamp of 7 by
 * 3.5 cm takes 4 % of an A4 page; a fifth of it is not for a signature.
 */
#define CAP_COVER_POINTS          64.0
#define CAP_COVER_AREA            0.2
/* Two drawings of one page are alike to the pixel; a full stop of 8 points has one. */
#define CAP_DIFFER_POINTS         0.5
/* Points around a note that its icon may take: Poppler's are 24 wide and high. */
#define CAP_NOTE_ICON             24.0
/* Pictures for the result page: */
#define CAP_PICTURE_SIDE          1000         /* pixels: text of 10 points can be read */
#define CAP_PICTURE               (300u << 10) /* octets: a page of text has 60 KiB, a scan 250 */
#define CAP_PICTURE_PAGES         10           /* of a document, two pictures each */

/* --- evidence from the network --- */
#define CAP_LOOKUPS         32           /* questions of one document: three officials have ten */
#define CAP_LOOKUP          (48u << 10)  /* octets of one: a path of eight large certificates */
#define CAP_LOOKUP_BODIES   (96u << 20)  /* octets of all answers to one document */
#define CAP_LOOKUP_ROUNDS   3            /* an answer may need another: its responder's status */
#define CAP_LOOKUP_WAIT_MS  1000         /* for what is kept already: microseconds, unless hung */
#define CAP_FETCH_WAIT_MS   30000        /* longer than any deadline */
#define CAP_FETCH_CRL       CAP_CRL      /* streamed, never more */
#define CAP_FETCH_ISSUERS   (256u << 10) /* one answer of AIA: a certificate, or a few in PKCS #7 */
#define CAP_FETCH_URLS      4            /* of one kind in one certificate */
#define CAP_FETCH_URL       2048         /* octets of one */
#define CAP_FETCH_REDIRECTS 3
#define CAP_FETCH_HEADER    (16u << 10)     /* octets of the header of one answer */
#define CAP_FETCH_FLIGHTS   64              /* under way at once */
#define CAP_FETCH_PER_HOST  4               /* connections */
#define CAP_FETCH_CROWD     16              /* under way to one host: four for a connection */
#define CAP_FETCH_CLIENTS   256             /* streams at once */
#define CAP_FETCH_MEMORY    (1024ull << 20) /* address space beside the warm process */
#define CAP_EVIDENCE_CONF   (16u << 10)     /* evidence.conf: a dozen lines and their reasons */
#define CAP_FETCH_LINGER_MS 20000           /* a long list comes in for the next document */
#define CAP_FETCH_MEMOS     4096            /* questions whose path is remembered */
#define CAP_FETCH_OUT       (256u << 20)    /* replies of all clients that wait to be read */
#define CAP_CACHE_MEMORY    (256u << 20)    /* of what is kept, in memory, too */
#define CAP_CACHE_ENTRIES   65536           /* kept at once: two or three a certificate */
#define CAP_KEEP_DAYS       30              /* of any evidence: a list of a root is monthly */
#define CAP_WEATHER         (64u << 10)     /* its file: a line of 400 octets a host */
#define CAP_HOSTS           64              /* whose weather is told: a country has a handful */

/* --- ink on paper --- */
#define CAP_PAPER_JOB       ((64u << 20) + (4u << 20)) /* a letter of CAP_UPLOAD, and the rest */
#define CAP_PAPER_OUT       (96u << 20)                /* a stamped letter; a picture at 1200 dpi */
#define CAP_PAPER_TEXT      2000         /* octets of one text: a footnote is a paragraph */
#define CAP_PAPER_ADDRESS   200          /* octets: more makes modules that printers blur */
#define CAP_PAPER_TEMPLATE  (512u << 10) /* an SVG file without pictures */
#define CAP_PAPER_LOGO      (1u << 20)
#define CAP_PAPER_SHEET     (4u << 20)   /* a template that was filled, the logo twice */
#define CAP_PAPER_PIXELS    (32u << 20)  /* of a picture: 12 for a phone's, 35 for A4 at 600 dpi */
#define CAP_PAPER_PHOTO     (256u << 20) /* of one made smaller first: a phone's has 200 */
#define CAP_PAPER_MEMORY    (1024ull << 20) /* address space beside the warm process */
#define CAP_PAPER_CPU       30              /* seconds: a thousand pages to stamp */
#define CAP_PAPER_SECONDS   60
#define CAP_PAPER_SCANNED   50  /* pages that are searched for QRs */
#define CAP_PAPER_THOROUGH  8   /* of these, finer and coarser, too: 0.2 s each; the last always */
#define CAP_PAPER_FINDS     100 /* QRs told: a page of tickets has fifty */
#define CAP_PAPER_PAGE_TEXT (1u << 20) /* octets: a page of 4-point print has 30,000 */
#define CAP_PAPERS          4  /* jobs at once beside the warm process: a letter takes a second */
#define CAP_PAPER_QUEUE     64 /* jobs that wait for that: a minute of them */
#define CAP_STATIONERY      (8u << 20)  /* memory of templates/paper: a dozen drawings, a logo */
#define CAP_TEMPLATES       64          /* drawings there */
#define CAP_WORDINGS        64          /* sentences there */
#define CAP_WORDINGS_CONF   (64u << 10) /* and their file: each with its source, a paragraph */

/* --- portal --- */
#define CAP_UPLOAD       (64u << 20) /* the default upload limit */
#define CAP_REPORT_HOURS 24          /* how long a result page can be opened again */
#define CAP_PAGE         (1u << 20)  /* one rendered page; a letter's is under 64 KiB */
#define CAP_SCAN_PHOTO   (12u << 20) /* a photo or page with a QR: twice what telephones make */
#define CAP_ADDRESSES    (64u << 10) /* conf/addresses.conf: a few lines of names */
#define CAP_INSPECT_WAIT_MS                                                                     \
	5000                    /* how long a visitor waits for a busy or restarting supervisor \
				 */
#define CAP_INSPECT_RETRY_MS 10 /* how often it is asked meanwhile */
/* A second inspection begins at most so long after the request: the proxy waits for 60 s. */
#define CAP_SECOND_PASS_MS   25000
#define CAP_STORE_BUSY_MS    2000 /* wait for the database's lock: a thousand commits of others */

/* --- staff and letters --- */
/*
 * Argon2id: three passes over 32 MiB, a tenth of a second.  Above what OWASP asks for (two over
 * 19), and little enough for a worker that may do it for one at a time.
 */
#define CAP_PWHASH_PASSES      3
#define CAP_PWHASH_MEMORY      (32u << 20)
#define CAP_LOGIN              64   /* characters of an account's name */
#define CAP_LOGIN_PASSWORD_MIN 8    /* octets: NIST SP 800-63B-4 for a password beside a code */
#define CAP_LOGIN_PASSWORD     1024 /* octets: a long sentence */
#define CAP_LOGIN_TRIES        5    /* wrong guesses from one address at one account */
#define CAP_LOGIN_LOCK         900  /* seconds until they are forgotten */
/* Wrong codes of who has the right password: with 20 a day, one of six digits takes decades. */
#define CAP_CODE_TRIES         20
#define CAP_CODE_LOCK          86400
#define CAP_TOTP_STEP          30           /* seconds: RFC 6238, 5.2 */
#define CAP_TOTP_WINDOW        1            /* steps that a telephone's clock may be off */
#define CAP_SESSION_IDLE       1800         /* seconds: a desk that was left */
#define CAP_SESSION_AGE        36000        /* a working day */
#define CAP_SESSION_TOUCH      30           /* seconds between two notes that it is used */
#define CAP_LETTER_TEXT        500          /* characters of a subject or a title */
#define CAP_SIGNERS            20           /* of a letter: a joint decree has a dozen */
#define CAP_LETTER             (256u << 10) /* memory of one letter: all of its texts */
#define CAP_DIFFERENCES        4096         /* characters of what speaks against a file: 64 words */
#define CAP_FORM_FIELDS        (CAP_BATCH_FILES + 64) /* an order with its files; a letter has 80 */
#define CAP_FORM_TEXT          (256u << 10) /* octets of all its texts: those of such a letter */
#define CAP_CHORES             32  /* people who sign in at once at one worker: 3 s of work */
#define CAP_BATCHES            3   /* that wait for one account */
#define CAP_BATCH_LEASE        120 /* seconds between two signs of life: one row takes at most 60 */
#define CAP_BATCH_TAKES        3   /* what has killed who did it so often will do so again */
#define CAP_BATCH_ROWS         1000       /* a year's letters of a small office */
#define CAP_BATCH_CSV          (4u << 20) /* octets: 4 KiB a row */
#define CAP_BATCH_DAYS         7          /* how long its files are kept */
#define CAP_BATCH_WAIT         60         /* seconds from an order to its files */
#define CAP_BATCH_FILES        1000       /* PDFs of an order: one a row */
#define CAP_HOLE_SECONDS       900        /* a file waits at a desk: a quarter of an hour */

#endif /* CAPS_H */
