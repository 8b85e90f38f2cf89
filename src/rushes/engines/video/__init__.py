"""Read and write frames, MP4 files and pictures; shared by the engines that render here."""
