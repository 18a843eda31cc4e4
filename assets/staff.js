/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comfort for staff: rows of signers, previews that follow, work that is watched.  Every page works without. */
"use strict";
(function () {
	/* Rows of signers: the spare ones are for those without scripts. */
	function rows() {
		const list = document.getElementById("rows");
		const add = document.getElementById("add-row");

		if (list === null || add === null)
			return;
		function number() {
			Array.from(list.children).forEach(function (row, i) {
				row.querySelectorAll("input").forEach(function (input) {
					input.id = input.name + "-" + (i + 1);
					input.parentNode.querySelector("label").htmlFor = input.id;
				});
				row.querySelector("[data-remove]").hidden = list.children.length === 1;
			});
			add.hidden = list.children.length >= Number(add.dataset.max);
		}
		Array.from(list.querySelectorAll("[data-spare]")).forEach(function (row) {
			row.remove();
		});
		add.addEventListener("click", function () {
			const row = list.lastElementChild.cloneNode(true);

			row.querySelectorAll("input").forEach(function (input) {
				input.value = "";
			});
			list.append(row);
			number();
			row.querySelector("input").focus();
		});
		list.addEventListener("click", function (e) {
			if (e.target.dataset.remove === undefined || list.children.length === 1)
				return;
			e.target.closest("li").remove();
			number();
			add.focus();
		});
		number();
	}

	/* A form whose page shows a preview: asked again when something was changed. */
	function previews() {
		const form = document.querySelector("form.live");
		const place = document.getElementById("preview");
		let timer = null;
		let round = 0;

		if (form === null || place === null)
			return;
		async function update() {
			const mine = ++round;
			const data = new FormData(form);
			let answer;

			if (!form.checkValidity())
				return;
			if (form.method === "post") {
				data.set("give", "preview");
				answer = await fetch(form.action, {method: "POST", body: new URLSearchParams(data)});
			} else {
				answer = await fetch(form.action + "?" + new URLSearchParams(data));
			}
			const page = new DOMParser().parseFromString(await answer.text(), "text/html");
			const fresh = page.getElementById("preview");

			if (mine === round && fresh !== null)
				place.replaceChildren(...fresh.childNodes);
		}
		function soon() {
			clearTimeout(timer);
			timer = setTimeout(function () {
				update().catch(function () {});
			}, 500);
		}
		form.addEventListener("input", soon);
		form.addEventListener("change", soon);
	}

	/* A form that takes a while says so, and is sent once. */
	function busy() {
		document.querySelectorAll("form[data-busy]").forEach(function (form) {
			form.addEventListener("submit", function (e) {
				const say = document.createElement("p");

				if (form.dataset.sent !== undefined) {
					e.preventDefault();
					return;
				}
				form.dataset.sent = "1";
				say.setAttribute("role", "status");
				say.className = "busy";
				say.textContent = form.dataset.busy;
				form.append(say);
			});
		});
		/* Back by the browser's button: it can be sent again. */
		window.addEventListener("pageshow", function () {
			document.querySelectorAll("form[data-sent]").forEach(function (form) {
				delete form.dataset.sent;
				form.querySelectorAll(".busy").forEach(function (say) {
					say.remove();
				});
			});
		});
	}

	/* An order of many letters: how far it is. */
	function watch() {
		const work = document.getElementById("work");

		if (work === null || work.dataset.poll === undefined)
			return;
		async function look() {
			try {
				const answer = await fetch(work.dataset.poll, {headers: {Accept: "application/json"}});
				const now = await answer.json();
				const bar = document.getElementById("work-bar");

				if (!answer.ok || now.over || now.state !== work.dataset.state) {
					window.location.reload();
					return;
				}
				bar.max = Math.max(1, now.total);
				bar.value = now.done + now.failed;
				document.getElementById("work-total").textContent = now.total;
				document.getElementById("work-done").textContent = now.done;
				document.getElementById("work-failed").textContent = now.failed;
			} catch (e) {
				/* the network is away: asked again */
			}
			setTimeout(look, 1000);
		}
		setTimeout(look, 500);
	}

	/* What is wrong is read first. */
	const problems = document.getElementById("problems");

	if (problems !== null)
		problems.focus();
	rows();
	previews();
	busy();
	watch();
})();
