/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The keys of a profile that say which virtual machine its controllers are for. Nothing is done with them by
 * the helper: whoever may talk to the machine reads them, and connects as himself. They are checked all the
 * same, for a profile is written by one person and obeyed by the programs of another. */

#include "pf-profile.h"

#include <string.h>

#include "pf-error.h"
#include "pf-text.h"

#define RUNTIME_FOLDER "%t/"

static void
set_text (char **field, const char *text)
{
  g_free (*field);
  *field = *text != '\0' ? g_strdup (text) : NULL;
}

/* "%" is kept for more like "%t". */
static gboolean
is_socket_path (const char *path)
{
  const char *rest = g_str_has_prefix (path, RUNTIME_FOLDER) ? path + strlen (RUNTIME_FOLDER) - 1 : path;

  return *rest == '/' && rest[1] != '\0' && strchr (rest, '%') == NULL
         && pf_text_is_printable (path, PF_PROFILE_MAX_QMP) && strlen (path) <= PF_PROFILE_MAX_QMP;
}

/**
 * pf_profile_set_qmp:
 * @profile: a profile
 * @qmp: the path of a Unix socket on which QEMU serves QMP; "%t" at its beginning is the XDG_RUNTIME_DIR of
 * whoever connects; "" for none
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether it was set; whether there is such a socket is known only when somebody connects
 */
gboolean
pf_profile_set_qmp (PfProfile *profile, const char *qmp, GError **error)
{
  if (*qmp != '\0' && !is_socket_path (qmp))
    {
      g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                   "A QMP socket is an absolute path of at most %d bytes, or begins with “%s” for the "
                   "XDG_RUNTIME_DIR of "
                   "whoever attaches; it has no other “%%”.",
                   PF_PROFILE_MAX_QMP, RUNTIME_FOLDER);
      return FALSE;
    }
  set_text (&profile->qmp, qmp);
  return TRUE;
}

/**
 * pf_profile_set_libvirt_domain:
 * @profile: a profile
 * @domain: name of a virtual machine of libvirt, at most 128 printable characters, without "/"; "" for none
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * "/" libvirt refuses as well, for QEMU (VIR_DOMAIN_DEF_FEATURE_NAME_SLASH).
 *
 * Returns: whether it was set
 */
gboolean
pf_profile_set_libvirt_domain (PfProfile *profile, const char *domain, GError **error)
{
  if (!pf_text_is_printable (domain, PF_PROFILE_MAX_DOMAIN) || strchr (domain, '/') != NULL)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                   "The name of a libvirt domain is at most %d printable characters, without “/”.",
                   PF_PROFILE_MAX_DOMAIN);
      return FALSE;
    }
  set_text (&profile->libvirt_domain, domain);
  return TRUE;
}

/* DRIVER:///PATH and nothing else. A transport ("qemu+ssh"), a host or a parameter ("?command=", "?socket=")
 * would have libvirt run a program or trust another machine on behalf of whoever attaches; and a controller
 * of this machine can go to a virtual machine of this machine only. */
static gboolean
is_local_uri (const char *uri)
{
  static const char driver[] = "abcdefghijklmnopqrstuvwxyz";
  static const char path[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
  gsize length = strspn (uri, driver);
  const char *rest = uri + length;

  return length > 0 && g_str_has_prefix (rest, ":///") && rest[4] != '\0'
         && strspn (rest + 1, path) == strlen (rest + 1) && strlen (uri) <= PF_PROFILE_MAX_URI;
}

/**
 * pf_profile_set_libvirt_uri:
 * @profile: a profile
 * @uri: where libvirt has the domain, DRIVER:///PATH, for example "qemu:///session"; "" for "qemu:///system"
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether it was set
 */
gboolean
pf_profile_set_libvirt_uri (PfProfile *profile, const char *uri, GError **error)
{
  if (*uri != '\0' && !is_local_uri (uri))
    {
      g_set_error_literal (
          error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
          "A libvirt URI is one of this machine, like “qemu:///system” or “qemu:///session”, without a "
          "host and without parameters.");
      return FALSE;
    }
  set_text (&profile->libvirt_uri, uri);
  return TRUE;
}

/**
 * pf_profile_check_vm:
 * @profile: a profile
 * @error: PF_ERROR_INVALID_PROFILE
 *
 * Returns: whether it names one virtual machine at most
 */
gboolean
pf_profile_check_vm (const PfProfile *profile, GError **error)
{
  if (profile->qmp == NULL || profile->libvirt_domain == NULL)
    return TRUE;
  g_set_error_literal (
      error, PF_ERROR, PF_ERROR_INVALID_PROFILE,
      "A profile names the QMP socket of a virtual machine (Qmp) or a libvirt domain (LibvirtDomain), not "
      "both.");
  return FALSE;
}

/**
 * pf_profile_names_vm:
 * @profile: a profile
 *
 * Returns: whether it says which virtual machine its controllers are for
 */
gboolean
pf_profile_names_vm (const PfProfile *profile)
{
  return profile->qmp != NULL || profile->libvirt_domain != NULL;
}
