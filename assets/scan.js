/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The camera of /scan.  What a QR says is judged by the portal, which is told its text, or sent a
 * small picture where the browser reads none.  Only a letter's page here is ever offered, and only
 * opened by who presses its button; nothing that was scanned becomes a link.
 */
"use strict";

(function () {
	const PERIOD = 1000;     /* milliseconds between two pictures */
	const SIDE = 1000;       /* pixels of one */
	const KINDS = /^[A-Z0-9]{27}$/;
	const byId = function (id) { return document.getElementById(id); };
	const section = byId("camera");

	if (section === null || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia)
		return;

	const start = byId("camera-start");
	const on = byId("camera-on");
	const video = byId("camera-video");
	const status = byId("camera-status");
	const found = byId("camera-found");
	const say = byId("camera-say").dataset;
	const english = document.documentElement.lang === "en";
	const canvas = document.createElement("canvas");
	let stream = null;
	let timer = 0;
	let detector = null;

	section.hidden = false;

	function tell(text) {
		if (status.textContent !== text)
			status.textContent = text;
	}

	function stop(text) {
		window.clearTimeout(timer);
		if (stream !== null)
			stream.getTracks().forEach(function (t) { t.stop(); });
		stream = null;
		video.srcObject = null;
		on.hidden = true;
		start.hidden = false;
		tell(text);
	}

	function put(id, text) {
		byId(id).textContent = text;
	}

	/* Everything is text; the address of the button is written anew from a checked id. */
	function show(find) {
		const reasons = byId("camera-reasons");
		const own = KINDS.test(find.id);
		const away = find.kind !== "own" && find.kind !== "id";

		found.className = "look-" + (/^[a-z]+$/.test(find.look) ? find.look : "plain");
		found.dataset.find = find.kind;
		put("camera-word", find.word);
		put("camera-said", find.said);
		byId("camera-leads").hidden = !away || find.host === "";
		put("camera-before", find.host.slice(0, find.host.length - find.domain.length));
		put("camera-domain", find.domain);
		byId("camera-holds").hidden = !away;
		put("camera-held", find.text);
		reasons.replaceChildren();
		find.reasons.forEach(function (r) {
			const item = document.createElement("li");

			item.textContent = r.reason;
			reasons.append(item);
		});
		byId("camera-go").hidden = !own;
		byId("camera-link").hidden = !own;
		put("camera-id", own ? find.id : "");
		if (own)
			byId("camera-open").href = "/d/" + find.id + (english ? "?lang=en" : "");
		found.hidden = false;
		stop("");
		(own ? byId("camera-open") : start).focus();
	}

	function again() {
		if (stream !== null)
			timer = window.setTimeout(look, PERIOD);
	}

	/* What the portal says: the finds, or a problem. */
	function ask(data) {
		return window.fetch("/scan" + (english ? "?lang=en" : ""), {
			method: "POST", body: data, headers: {Accept: "application/json"}
		}).then(function (answer) {
			if (answer.status === 429 || answer.status === 503) {
				stop(answer.status === 429 ? say.slow : say.failed);
				return null;
			}
			return answer.status === 200 ? answer.json() : {finds: []};
		}).then(function (reply) {
			if (reply === null || stream === null)
				return;
			if (reply.finds.length > 0)
				show(reply.finds[0]);
			else
				again();
		}).catch(function () { stop(say.failed); });
	}

	function picture() {
		const scale = Math.min(1, SIDE / Math.max(video.videoWidth, video.videoHeight));

		canvas.width = Math.round(video.videoWidth * scale);
		canvas.height = Math.round(video.videoHeight * scale);
		canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
		canvas.toBlob(function (blob) {
			const data = new FormData();

			if (blob === null || stream === null) {
				again();
				return;
			}
			data.append("photo", blob, "camera.jpg");
			ask(data);
		}, "image/jpeg", 0.8);
	}

	function look() {
		if (stream === null)
			return;
		if (video.videoWidth === 0) {
			again();
			return;
		}
		if (detector === null) {
			picture();
			return;
		}
		detector.detect(video).then(function (codes) {
			const data = new FormData();

			if (codes.length === 0) {
				again();
				return;
			}
			data.append("text", codes[0].rawValue);
			ask(data);
		}).catch(function () {
			detector = null;
			again();
		});
	}

	function begin(media) {
		stream = media;
		video.srcObject = media;
		on.hidden = false;
		start.hidden = true;
		tell(say.looking);
		byId("camera-stop").focus();
		return video.play().then(look);
	}

	function find_detector() {
		if (!("BarcodeDetector" in window))
			return Promise.resolve();
		return window.BarcodeDetector.getSupportedFormats().then(function (formats) {
			if (formats.includes("qr_code"))
				detector = new window.BarcodeDetector({formats: ["qr_code"]});
		}).catch(function () { detector = null; });
	}

	start.addEventListener("click", function () {
		found.hidden = true;
		tell("");
		find_detector().then(function () {
			return navigator.mediaDevices.getUserMedia({
				audio: false, video: {facingMode: {ideal: "environment"}, width: {ideal: 1280}}
			});
		}).then(begin).catch(function (e) {
			stop(e.name === "NotAllowedError" ? say.refused : say.absent);
		});
	});
	byId("camera-stop").addEventListener("click", function () { stop(""); start.focus(); });
	window.addEventListener("pagehide", function () { stop(""); });
})();
