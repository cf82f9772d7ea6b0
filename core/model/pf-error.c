/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-error.h"

G_DEFINE_QUARK (pf-error-quark, pf_error)

static const char *const error_names[PF_N_ERRORS] = {
  [PF_ERROR_FAILED] = "Failed",
  [PF_ERROR_INVALID_ARGUMENT] = "InvalidArgument",
  [PF_ERROR_NO_SUCH_DEVICE] = "NoSuchDevice",
  [PF_ERROR_NOT_USB_CONTROLLER] = "NotUsbController",
  [PF_ERROR_NO_IOMMU] = "NoIommu",
  [PF_ERROR_VFIO_UNAVAILABLE] = "VfioUnavailable",
  [PF_ERROR_GROUP_NOT_VIABLE] = "GroupNotViable",
  [PF_ERROR_NO_ROUTING_REGISTER] = "NoRoutingRegister",
  [PF_ERROR_LOCKDOWN] = "Lockdown",
  [PF_ERROR_NOT_AUTHORIZED] = "NotAuthorized",
  [PF_ERROR_AUTHORIZATION_REQUIRED] = "AuthorizationRequired",
  [PF_ERROR_AUTHORIZATION_DISMISSED] = "AuthorizationDismissed",
  [PF_ERROR_BOARD_MISMATCH] = "BoardMismatch",
  [PF_ERROR_NO_SUCH_PROFILE] = "NoSuchProfile",
  [PF_ERROR_PROFILE_EXISTS] = "ProfileExists",
  [PF_ERROR_INVALID_PROFILE] = "InvalidProfile",
  [PF_ERROR_BUSY] = "Busy",
  [PF_ERROR_OBJECTION] = "Objection",
  [PF_ERROR_HELD] = "Held",
  [PF_ERROR_WRITE_FAILED] = "WriteFailed",
  [PF_ERROR_VERIFY_FAILED] = "VerifyFailed",
  [PF_ERROR_TIMED_OUT] = "TimedOut",
  [PF_ERROR_READ_ONLY] = "ReadOnly",
  [PF_ERROR_NO_SUCH_TRANSACTION] = "NoSuchTransaction",
  [PF_ERROR_LIMIT_EXCEEDED] = "LimitExceeded",
  [PF_ERROR_STUCK] = "Stuck",
  [PF_ERROR_NOT_PLUGGED_IN] = "NotPluggedIn",
};

/**
 * pf_error_get_name:
 * @code: an error code
 *
 * Returns: (transfer none): the name as used on D-Bus and in JSON, for example "NoIommu"
 */
const char *
pf_error_get_name (PfError code)
{
  g_return_val_if_fail ((guint) code < PF_N_ERRORS, error_names[PF_ERROR_FAILED]);
  return error_names[code];
}

/**
 * pf_error_from_name:
 * @name: a name as pf_error_get_name() gives it
 * @code: (out): the code
 *
 * Returns: whether there is an error of that name
 */
gboolean
pf_error_from_name (const char *name, PfError *code)
{
  for (guint i = 0; i < PF_N_ERRORS; i++)
    if (g_str_equal (name, error_names[i]))
      {
        *code = i;
        return TRUE;
      }
  return FALSE;
}

/**
 * pf_error_get_objection_code:
 * @code: an error code
 *
 * Returns: (transfer full): the name in the spelling of objection codes, for example "no-iommu"
 */
char *
pf_error_get_objection_code (PfError code)
{
  GString *text = g_string_new (NULL);

  for (const char *c = pf_error_get_name (code); *c != '\0'; c++)
    {
      if (g_ascii_isupper (*c) && text->len > 0)
        g_string_append_c (text, '-');
      g_string_append_c (text, g_ascii_tolower (*c));
    }
  return g_string_free (text, FALSE);
}
