/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "pf-error.h"

/**
 * pf_descriptors_check_reserve:
 * @error: PF_ERROR_LIMIT_EXCEEDED
 *
 * Nobody gets a descriptor of the last PF_DESCRIPTORS_RESERVE, and no switch begins without them: one that
 * has begun then has what it needs for its journal and for the way back.
 *
 * Returns: whether that many can be opened
 */
gboolean
pf_descriptors_check_reserve (GError **error)
{
  int descriptors[PF_DESCRIPTORS_RESERVE];
  gsize count = 0;
  int why = 0;

  for (; count < PF_DESCRIPTORS_RESERVE; count++)
    {
      descriptors[count] = open ("/dev/null", O_RDONLY | O_CLOEXEC);
      if (descriptors[count] < 0)
        {
          why = errno;
          break;
        }
    }
  for (gsize i = 0; i < count; i++)
    close (descriptors[i]);
  if (why == 0)
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED,
               "The helper has hardly any descriptors left, and keeps those for the way home: %s. Close "
               "programs that show "
               "Portferry's status, and try again.",
               g_strerror (why));
  return FALSE;
}
