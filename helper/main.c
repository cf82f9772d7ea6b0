/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <sys/stat.h>

#include "pf-daemon.h"
#include "pf-module.h"

/* No option and no environment variable moves any of these. */
static const PfRoots roots = {
  .sys = "/sys",
  .dev = "/dev",
  .proc = "/proc",
  .udev = "/run/udev/data",
  .etc = "/etc",
  .modprobe = { "/run/modprobe.d", "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d" },
  .config = "/etc/portferry",
  .runtime = "/run/portferry",
  .state = "/var/lib/portferry",
  .chipsets = PF_PKGDATADIR "/chipsets.conf",
  .load_module = pf_module_load,
};

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  umask (022);
  if (argc != 1)
    {
      g_printerr ("%s takes no options. It is started by the system bus.\n", argv[0]);
      return 2;
    }
  if (pf_daemon_run (&roots, PF_DAEMON_IDLE_SECONDS, &error))
    return 0;
  g_printerr ("%s\n", error->message);
  return 1;
}
