/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-profile.h"

G_BEGIN_DECLS

#define PF_GUEST_LINE_MAX 256 /* bytes, without the line's end */

typedef enum
{
  PF_GUEST_VERB_TOGGLE,
  PF_GUEST_VERB_SWITCH,
  PF_GUEST_VERB_HOME,
  PF_GUEST_VERB_CONFIRM,
  PF_GUEST_VERB_STATUS,
} PfGuestVerb;

/**
 * PfGuestRequest:
 * @verb: what is asked for
 * @profile: a valid id for %PF_GUEST_VERB_SWITCH; else ""
 *
 * What one line says.
 */
typedef struct
{
  PfGuestVerb verb;
  char profile[PF_PROFILE_MAX_ID + 1];
} PfGuestRequest;

typedef enum
{
  PF_GUEST_LINE_NOTHING, /* all bytes are taken, and nothing has to be answered */
  PF_GUEST_LINE_REQUEST,
  PF_GUEST_LINE_WRONG,    /* a line that is no request */
  PF_GUEST_LINE_TOO_LONG, /* said as soon as it is; the rest of the line is dropped */
} PfGuestLineResult;

/**
 * PfGuestLine:
 *
 * A line that is not complete yet; all zero at the beginning.
 */
typedef struct
{
  char bytes[PF_GUEST_LINE_MAX];
  gsize length;
  gboolean is_dropping;
} PfGuestLine;

PfGuestLineResult
pf_guest_line_take (PfGuestLine *line, const char **bytes, gsize *length, PfGuestRequest *request);
const char *pf_guest_verb_to_string (PfGuestVerb verb);

G_END_DECLS
