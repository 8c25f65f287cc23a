// Works out the SHA-256 of a chosen or dropped file here, in the browser; only the hash goes into the address.
(function () {
  "use strict";
  var form = document.querySelector("[data-verify]");
  if (!form || !window.crypto || !window.crypto.subtle) return;
  var input = form.querySelector("input[type=file]");
  var status = form.querySelector("[data-verify-status]");

  function hex(buffer) {
    return Array.prototype.map.call(new Uint8Array(buffer), function (byte) {
      return ("0" + byte.toString(16)).slice(-2);
    }).join("");
  }

  function check(file) {
    if (!file) return;
    if (file.size > 50 * 1024 * 1024) {
      status.textContent = "This file is larger than any letter (50 MB). Choose the letter itself.";
      return;
    }
    status.textContent = "Working out the fingerprint of " + file.name + " …";
    file.arrayBuffer()
      .then(function (bytes) { return window.crypto.subtle.digest("SHA-256", bytes); })
      .then(function (digest) {
        form.elements.sha256.value = hex(digest);
        form.submit();
      })
      .catch(function () { status.textContent = "The file could not be read. Choose it again."; });
  }

  input.addEventListener("change", function () { check(input.files[0]); });
  document.addEventListener("dragover", function (event) { event.preventDefault(); });
  document.addEventListener("drop", function (event) {
    event.preventDefault();
    check(event.dataTransfer.files[0]);
  });
})();
