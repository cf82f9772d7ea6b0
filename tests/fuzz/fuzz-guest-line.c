/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: what a virtual machine writes to its serial port. The first byte says in which pieces the rest
 * arrives. */
#include <string.h>

#include "pf-fuzz.h"
#include "pf-guest-line.h"

const char *const pf_fuzz_words[]
    = { "toggle", "switch", "home", "confirm", "status",         "ok",     "error", " ",
        "\t",     "\n",     "\r\n", "games",   "switch games\n", "home\n", NULL };

static void
check_request (const PfGuestRequest *request)
{
  gboolean is_switch = request->verb == PF_GUEST_VERB_SWITCH;

  g_assert_cmpint (request->verb, <=, PF_GUEST_VERB_STATUS);
  g_assert_nonnull (memchr (request->profile, '\0', sizeof request->profile));
  g_assert_true (is_switch ? pf_profile_id_is_valid (request->profile, NULL) : *request->profile == '\0');
}

/* Answers never outnumber line ends by more than the one for the line that is too long. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  PfGuestLine line = { 0 };
  gsize piece = size > 0 ? (gsize) data[0] + 1 : 1;
  guint n_ends = 0;
  guint n_answers = 0;

  for (gsize done = 1; done < size; done += piece)
    {
      gsize length = MIN (piece, size - done);
      g_autofree char *bytes = g_memdup2 (data + done, length);
      const char *rest = bytes;

      for (gsize i = 0; i < length; i++)
        n_ends += bytes[i] == '\n' || bytes[i] == '\r';
      while (length > 0)
        {
          PfGuestRequest request;
          PfGuestLineResult result = pf_guest_line_take (&line, &rest, &length, &request);

          n_answers += result != PF_GUEST_LINE_NOTHING;
          if (result == PF_GUEST_LINE_REQUEST)
            check_request (&request);
        }
      g_assert_cmpuint (n_answers, <=, n_ends + 1);
      g_assert_cmpuint (line.length, <=, PF_GUEST_LINE_MAX);
    }
  return 0;
}
