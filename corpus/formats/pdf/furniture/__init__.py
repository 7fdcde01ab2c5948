"""What is printed on pages beside their text: running heads, numbers of lines, stamps on scans."""
