"""What engines that write files share: frames, MP4 files in and out, pictures, progress."""
