/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comfort for those who run it: drop a file, see it go, skip a page.  Every page works without. */
"use strict";
document.documentElement.classList.add("js");

(function () {
	const form = document.getElementById("upload");
	const headline = document.getElementById("headline");

	/* A result that was just made: read it out first. */
	if (headline !== null && sessionStorage.getItem("checked") !== null) {
		sessionStorage.removeItem("checked");
		headline.focus({preventScroll: true});
	}
	if (form === null)
		return;

	const drop = document.getElementById("drop");
	const file = document.getElementById("file");
	const progress = document.getElementById("progress");
	const bar = document.getElementById("bar");
	const status = document.getElementById("progress-text");
	const problem = document.getElementById("problem");
	const problemText = document.getElementById("problem-text");
	const cancel = document.getElementById("cancel");
	const say = document.getElementById("say").dataset;
	let xhr = null;
	let spoken = "";

	/* Assistive technology hears each sentence once, not every percent. */
	function tell(text) {
		if (text !== spoken) {
			spoken = text;
			status.textContent = text;
		}
	}

	function rest(message) {
		xhr = null;
		spoken = "";
		progress.hidden = true;
		drop.hidden = false;
		file.value = "";
		problem.hidden = message === "";
		problemText.textContent = message;
		file.focus();
	}

	function answered() {
		let reply = {};

		try {
			reply = JSON.parse(xhr.responseText);
		} catch (e) {
			reply = {};
		}
		if (xhr.status === 201 && typeof reply.location === "string" && reply.location.startsWith("/v/")) {
			sessionStorage.setItem("checked", "1");
			window.location.assign(reply.location);
			return;
		}
		rest(typeof reply.detail === "string" ? reply.detail : say.failed);
	}

	/* A form whose answer is a page: sent as it is, with the file that was dropped. */
	function plain(chosen) {
		const files = new DataTransfer();

		files.items.add(chosen);
		file.files = files.files;
		problem.hidden = true;
		drop.hidden = true;
		progress.hidden = false;
		tell(say.checking);
		form.submit();
	}

	function send(chosen) {
		const data = new FormData();

		if (xhr !== null)
			return;
		if (chosen.size > Number(form.dataset.max)) {
			rest(say.tooLarge);
			return;
		}
		if ("plain" in form.dataset) {
			plain(chosen);
			return;
		}
		problem.hidden = true;
		drop.hidden = true;
		progress.hidden = false;
		bar.value = 0;
		tell(say.uploading);
		data.append("file", chosen, chosen.name);
		xhr = new XMLHttpRequest();
		xhr.upload.addEventListener("progress", function (e) {
			if (e.lengthComputable)
				bar.value = 100 * e.loaded / e.total;
		});
		xhr.upload.addEventListener("load", function () {
			bar.removeAttribute("value");
			tell(say.checking);
		});
		xhr.addEventListener("load", answered);
		xhr.addEventListener("error", function () { rest(say.failed); });
		xhr.addEventListener("abort", function () { rest(say.cancelled); });
		xhr.open("POST", form.getAttribute("action"));
		xhr.setRequestHeader("Accept", "application/json");
		xhr.send(data);
		cancel.focus();
	}

	file.addEventListener("change", function () {
		if (file.files.length === 1)
			send(file.files[0]);
	});
	cancel.addEventListener("click", function () {
		if (xhr !== null)
			xhr.abort();
		else {
			window.stop();
			rest(say.cancelled);
		}
	});

	/* The whole window takes a file, so that a near miss does not open it in the browser. */
	["dragenter", "dragover"].forEach(function (name) {
		window.addEventListener(name, function (e) {
			e.preventDefault();
			drop.classList.add("over");
		});
	});
	window.addEventListener("dragleave", function (e) {
		if (e.relatedTarget === null)
			drop.classList.remove("over");
	});
	window.addEventListener("drop", function (e) {
		e.preventDefault();
		drop.classList.remove("over");
		if (e.dataTransfer === null || e.dataTransfer.files.length === 0)
			return;
		if (e.dataTransfer.files.length > 1) {
			rest(say.oneFile);
			return;
		}
		send(e.dataTransfer.files[0]);
	});
	window.addEventListener("pageshow", function (e) {
		if (e.persisted)
			rest("");
	});
})();
