/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a virtual machine is told. It learns which profile is in force and why its own request was refused, in
 * words that are all here: what the helper says names disks, devices and programs of the host, and is for the
 * host. */

#include "pf-guest-reply.h"

#include "pf-error.h"

/* Programs go by the first word, people read the rest. What is not here is "failed". */
static const struct
{
  PfError code;
  const char *words;
} reasons[] = {
  { PF_ERROR_NOT_AUTHORIZED, "not-authorized The host does not let a guest ask for that." },
  { PF_ERROR_AUTHORIZATION_REQUIRED, "not-authorized The host does not let a guest ask for that." },
  { PF_ERROR_NO_SUCH_PROFILE, "no-such-profile The host has no such profile." },
  { PF_ERROR_INVALID_PROFILE, "invalid-profile The profile cannot be used; the host says why." },
  { PF_ERROR_BOARD_MISMATCH, "board-mismatch The profile was made for another computer." },
  { PF_ERROR_NOT_PLUGGED_IN, "not-plugged-in A controller of the profile is not plugged in." },
  { PF_ERROR_BUSY, "busy Another switch is under way, or waits for confirmation." },
  { PF_ERROR_LIMIT_EXCEEDED, "busy Too many requests; wait a little." },
  { PF_ERROR_OBJECTION, "objection Something on the host speaks against it." },
  { PF_ERROR_HELD, "held A virtual machine holds a controller that is needed." },
  { PF_ERROR_NO_SUCH_TRANSACTION, "no-such-transaction Nothing waits for confirmation." },
};

/**
 * pf_guest_reply_for_error:
 * @error: why a request was not carried out
 *
 * Returns: (transfer full): a line, with its end
 */
char *
pf_guest_reply_for_error (const GError *error)
{
  for (guint i = 0; error->domain == PF_ERROR && i < G_N_ELEMENTS (reasons); i++)
    if (error->code == (int) reasons[i].code)
      return g_strdup_printf ("error %s\r\n", reasons[i].words);
  return g_strdup ("error failed It could not be done; the host says why.\r\n");
}

/**
 * pf_guest_reply_for_state:
 * @state: as Manager.State
 * @profile: id of the profile in force
 * @seconds: for how long the switch waits to be confirmed; 0 for not at all
 * @n_left: how many controllers could not come home
 *
 * Returns: (transfer full): a line, with its end
 */
char *
pf_guest_reply_for_state (const char *state, const char *profile, guint seconds, guint n_left)
{
  g_autoptr (GString) line = g_string_new (NULL);

  g_string_printf (line, "ok profile=%s state=%s", profile, state);
  if (seconds > 0)
    g_string_append_printf (line, " seconds=%u", seconds);
  if (n_left > 0)
    g_string_append_printf (line, " left=%u", n_left);
  g_string_append (line, "\r\n");
  return g_string_free (g_steal_pointer (&line), FALSE);
}
