/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a virtual machine writes to its serial port, taken apart: bytes become lines, and lines requests.
 * Nothing here allocates, reads or writes anything; whatever comes in, what goes out is one of five verbs and
 * the id of a profile.
 *
 * A line ends with LF, CR or both: consoles send CR, programs LF, Windows both. Empty lines, and those that
 * read like answers, are passed over: a terminal with echo sends our own answers back, and answering those
 * would never end. */

#include "pf-guest-line.h"

#include <string.h>

#define BLANKS " \t"

/* clang-format off */
static const struct
{
  const char *name;
  gboolean takes_profile;
} verbs[] = {
  [PF_GUEST_VERB_TOGGLE] = { "toggle", FALSE },
  [PF_GUEST_VERB_SWITCH] = { "switch", TRUE },
  [PF_GUEST_VERB_HOME] = { "home", FALSE },
  [PF_GUEST_VERB_CONFIRM] = { "confirm", FALSE },
  [PF_GUEST_VERB_STATUS] = { "status", FALSE },
};
/* clang-format on */

static gboolean
is_clean (const char *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isprint (bytes[i]) && bytes[i] != '\t')
      return FALSE;
  return TRUE;
}

/* Takes one word off @text, with the blanks around it. Returns: its length; 0 at the end. */
static gsize
take_word (const char **text, const char **word)
{
  gsize length;

  *word = *text + strspn (*text, BLANKS);
  length = strcspn (*word, BLANKS);
  *text = *word + length;
  return length;
}

static gboolean
word_is (const char *word, gsize length, const char *name)
{
  return strlen (name) == length && memcmp (word, name, length) == 0;
}

static gboolean
take_profile (const char **text, PfGuestRequest *request)
{
  const char *word;
  gsize length = take_word (text, &word);

  if (length == 0 || length > PF_PROFILE_MAX_ID)
    return FALSE;
  memcpy (request->profile, word, length);
  request->profile[length] = '\0';
  return pf_profile_id_is_valid (request->profile, NULL);
}

static PfGuestLineResult
parse_words (const char *text, PfGuestRequest *request)
{
  const char *word;
  gsize length = take_word (&text, &word);

  if (length == 0 || word_is (word, length, "ok") || word_is (word, length, "error"))
    return PF_GUEST_LINE_NOTHING;
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      if (!word_is (word, length, verbs[i].name))
        continue;
      request->verb = (PfGuestVerb) i;
      if (verbs[i].takes_profile && !take_profile (&text, request))
        return PF_GUEST_LINE_WRONG;
      return take_word (&text, &word) == 0 ? PF_GUEST_LINE_REQUEST : PF_GUEST_LINE_WRONG;
    }
  return PF_GUEST_LINE_WRONG;
}

static PfGuestLineResult
end_line (PfGuestLine *line, PfGuestRequest *request)
{
  char text[PF_GUEST_LINE_MAX + 1];
  gsize length = line->length;
  gboolean was_dropping = line->is_dropping;

  line->length = 0;
  line->is_dropping = FALSE;
  if (was_dropping)
    return PF_GUEST_LINE_NOTHING;
  if (!is_clean (line->bytes, length))
    return PF_GUEST_LINE_WRONG;
  memcpy (text, line->bytes, length);
  text[length] = '\0';
  return parse_words (text, request);
}

static PfGuestLineResult
take_byte (PfGuestLine *line, char byte, PfGuestRequest *request)
{
  if (byte == '\n' || byte == '\r')
    return end_line (line, request);
  if (line->is_dropping)
    return PF_GUEST_LINE_NOTHING;
  if (line->length == PF_GUEST_LINE_MAX)
    {
      line->is_dropping = TRUE;
      return PF_GUEST_LINE_TOO_LONG;
    }
  line->bytes[line->length++] = byte;
  return PF_GUEST_LINE_NOTHING;
}

/**
 * pf_guest_line_take:
 * @line: what came before
 * @bytes: (inout): what came now; left at what has not been looked at
 * @length: (inout): number of bytes there
 * @request: (out): set for %PF_GUEST_LINE_REQUEST, else without meaning
 *
 * Takes bytes until there is something to answer, or none are left.
 *
 * Returns: what there is to answer; with %PF_GUEST_LINE_NOTHING @length is 0
 */
PfGuestLineResult
pf_guest_line_take (PfGuestLine *line, const char **bytes, gsize *length, PfGuestRequest *request)
{
  PfGuestLineResult result = PF_GUEST_LINE_NOTHING;

  memset (request, 0, sizeof *request);
  while (*length > 0 && result == PF_GUEST_LINE_NOTHING)
    {
      result = take_byte (line, **bytes, request);
      (*bytes)++;
      (*length)--;
    }
  return result;
}

/**
 * pf_guest_verb_to_string:
 * @verb: what is asked for
 *
 * Returns: (transfer none): how it is written
 */
const char *
pf_guest_verb_to_string (PfGuestVerb verb)
{
  return verbs[verb].name;
}
