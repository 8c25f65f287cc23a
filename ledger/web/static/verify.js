// Works out the SHA-256 of a chosen or dropped file here, in the browser; only the hash goes into the address.
(function () {
  "use strict";
  var form = document.querySelector("[data-verify]");
  if (!form) return;
  var input = form.querySelector("input[type=file]");
  var status = form.querySelector("[data-verify-status]");
  var able = window.crypto && window.crypto.subtle; // browsers leave it out where the page did not come by https

  var paste = document.querySelector("[data-verify-paste]");
  if (able) {
    form.querySelector("[data-verify-plain]").hidden = true;
    paste.open = false;
  }

  function hex(buffer) {
    return Array.prototype.map.call(new Uint8Array(buffer), function (byte) {
      return ("0" + byte.toString(16)).slice(-2);
    }).join("");
  }

  function isPdf(bytes) { // readers look for the mark in the first kilobyte
    return new TextDecoder("latin1").decode(bytes.slice(0, 1024)).indexOf("%PDF-") >= 0;
  }

  function check(file) {
    if (!file) return;
    if (!able) {
      status.textContent = form.dataset.saysUnable;
      return;
    }
    if (file.size > 50 * 1024 * 1024) {
      status.textContent = form.dataset.saysLarge;
      return;
    }
    status.textContent = form.dataset.saysWorking;
    file.arrayBuffer()
      .then(function (bytes) {
        if (!isPdf(bytes)) { // nobody's forgery: only the wrong file
          status.textContent = form.dataset.saysOther;
          return null;
        }
        return window.crypto.subtle.digest("SHA-256", bytes);
      })
      .then(function (digest) {
        if (!digest) return;
        form.elements.sha256.value = hex(digest);
        form.submit();
      })
      .catch(function () { status.textContent = form.dataset.saysUnread; });
  }

  input.addEventListener("change", function () { check(input.files[0]); });
  function holdsFiles(event) {
    return event.dataTransfer && Array.prototype.indexOf.call(event.dataTransfer.types, "Files") >= 0;
  }

  // The whole page takes the file: a browser that opened a stray drop would leave it.
  document.addEventListener("dragover", function (event) { if (holdsFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", function (event) {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    check(event.dataTransfer.files[0]);
  });
})();
