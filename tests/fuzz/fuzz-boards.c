/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: a board file, which comes from somebody's bug report, and the machine that the fake kernel
 * makes of it. A board that is wrong is refused; one that is not can be booted and shut down. */
#include <string.h>

#include "pf-fake-kernel.h"
#include "pf-fuzz.h"

const char *const pf_fuzz_words[] = {
  "[board]\n",
  "[function 0000:00:14.0]\n",
  "[function 0000:00:1a.0]\n",
  "[function 0000:02:00.0]\n",
  "[socket rear]\n",
  "[device stick]\n",
  "[device hub]\n",
  "[disk sda]\n",
  "[disk dm-0]\n",
  "[disk nvme0n1]\n",
  "[net eth0]\n",
  "[drm card0]\n",
  "[sound card0]\n",
  "[node video0]\n",
  "[open qemu]\n",
  "[group 4]\n",
  "[input touchpad]\n",
  "[member AMDI0010:00]\n",
  "cpu=intel\n",
  "iommu=on\n",
  "iommufd=true\n",
  "vfio-pci=builtin\n",
  "vfio-ids=8086:8cb1\n",
  "id=8086:8cb1\n",
  "id=8086:8cad\n",
  "class=0c0330\n",
  "class=0c0320\n",
  "class=010601\n",
  "class=060400\n",
  "secondary=02\n",
  "repeat=2\n",
  "usb2-ports=4\n",
  "usb3-ports=4\n",
  "hub-ports=8\n",
  "routing=0x3fff\n",
  "mask=0x3fff\n",
  "group=4\n",
  "driver=vfio-pci\n",
  "config=d0=00003fff\n",
  "config-size=4096\n",
  "port=ehci2/1\n",
  "port=0000:00:14.0/1\n",
  "ss=1\n",
  "socket=rear\n",
  "socket=hub/1\n",
  "kind=hub\n",
  "kind=storage\n",
  "kind=keyboard\n",
  "kind=bluetooth\n",
  "speed=5000\n",
  "ports=4\n",
  "disk=sda\n",
  "on=0000:02:00.0\n",
  "on=stick\n",
  "on=sda1\n",
  "on=dm-0\n",
  "on=none\n",
  "also=sda;dm-0\n",
  "mount=/;/home\n",
  "swap=true\n",
  "pool=tank\n",
  "pool-type=zfs\n",
  "bus=bluetooth\n",
  "bus=i2c\n",
  "bus=platform\n",
  "class=hidraw\n",
  "number=240:0\n",
  "node=video0\n",
  "pid=4711\n",
  "vm=win10\n",
  "connected=HDMI-A-1\n",
  "reserved-regions=0x0 0x1 direct\n",
  "interfaces=030101;080650\n",
  "\n",
  ";",
  "=",
  "/",
  "none",
  "root-bus=0000:40\n",
  "nvidia-minor=0\n",
  "override=vfio-pci\n",
  "reset=flr;bus\n",
  NULL,
};

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *path = g_build_filename (pf_fuzz_get_folder (), "fuzz.board", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfFakeKernel) kernel = NULL;
  PfFakeBoard *board;

  g_file_set_contents_full (path, (const char *) data, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0644, &error);
  g_assert_no_error (error);
  board = pf_fake_board_load (path, &error);
  pf_fuzz_check_error (board != NULL, error);
  if (board == NULL)
    return 0;
  kernel = pf_fake_kernel_new (board, NULL, &error);
  pf_fuzz_check_error (kernel != NULL, error);
  return 0;
}
