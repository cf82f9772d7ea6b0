/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-confirmed.h"

#include <glib/gstdio.h>

#include "pf-file.h"

#define MAX_SIZE 65536

struct _PfConfirmed
{
  char *path;
};

/**
 * pf_confirmed_new:
 * @folder: where its file is, for root only to write
 *
 * Returns: (transfer full): what was confirmed; nothing is read yet
 */
PfConfirmed *
pf_confirmed_new (const char *folder)
{
  PfConfirmed *confirmed = g_new0 (PfConfirmed, 1);

  confirmed->path = g_build_filename (folder, "confirmed", NULL);
  return confirmed;
}

/**
 * pf_confirmed_free:
 * @confirmed: (transfer full): what was confirmed
 */
void
pf_confirmed_free (PfConfirmed *confirmed)
{
  g_free (confirmed->path);
  g_free (confirmed);
}

/* Read each time: it is wanted seldom, and somebody may have removed it to be asked again. */
static PfTrust *
load (PfConfirmed *confirmed)
{
  g_autofree char *data = NULL;
  g_autoptr (GError) error = NULL;
  PfTrust *trust = NULL;
  gsize length;

  if (pf_file_read (confirmed->path, MAX_SIZE, &data, &length, &error) && data != NULL)
    trust = pf_trust_parse (data, length, &error);
  if (error != NULL)
    g_message ("%s: %s", confirmed->path, error->message);
  return trust != NULL ? trust : pf_trust_new ();
}

/**
 * pf_confirmed_has:
 * @confirmed: what was confirmed
 * @profile: id of a profile
 * @text: from pf_trust_fingerprint_profile()
 * @board: from pf_trust_fingerprint_board()
 *
 * Returns: whether it was, and neither has changed since
 */
gboolean
pf_confirmed_has (PfConfirmed *confirmed, const char *profile, const char *text, const char *board)
{
  g_autoptr (PfTrust) trust = load (confirmed);

  return pf_trust_has (trust, profile, text, board);
}

/**
 * pf_confirmed_add:
 * @confirmed: what was confirmed
 * @profile: id of a profile
 * @text: from pf_trust_fingerprint_profile()
 * @board: from pf_trust_fingerprint_board()
 * @error: PF_ERROR_WRITE_FAILED
 *
 * Returns: whether it is on disk
 */
gboolean
pf_confirmed_add (
    PfConfirmed *confirmed, const char *profile, const char *text, const char *board, GError **error)
{
  g_autoptr (PfTrust) trust = load (confirmed);
  g_autofree char *folder = g_path_get_dirname (confirmed->path);
  g_autofree char *data = NULL;
  gsize length;

  /* systemd makes it; others may not. Where it cannot be made, the write says so. */
  (void) g_mkdir_with_parents (folder, 0700);
  pf_trust_add (trust, profile, text, board);
  data = pf_trust_serialize (trust, &length);
  return pf_file_write (confirmed->path, data, length, error);
}
