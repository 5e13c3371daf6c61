using System.Text;

namespace FunctionsAuth.Azure.Local;

/// <summary>Files and folders that only their owner can read.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // The error codes for a locked file: EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] HeldBySomebody = [11, 35, unchecked((int)0x80070020)];

    /// <summary>Writes the whole file or nothing: first into another file in the same folder, then to the disk, and only then under its name.</summary>
    public static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;

        var temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Guid.NewGuid():N}.tmp");
        try
        {
            using (var file = new FileStream(temporary, options))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Creates a new file, which the caller writes in several steps.</summary>
    /// <exception cref="IOException">The file exists already or cannot be created.</exception>
    public static StreamWriter CreateText(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new StreamWriter(path, options);
    }

    /// <summary>Locks a file that only one caller in one process can hold at a time. The file is created if necessary, and stays where it is.</summary>
    /// <returns>The lock, which is released when it is disposed; null if somebody else holds it.</returns>
    public static IDisposable? TryLock(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        try
        {
            return new FileStream(path, options);
        }
        catch (IOException e) when (HeldBySomebody.Contains(e.HResult))
        {
            return null;
        }
    }

    /// <summary>Creates a folder if it does not exist. Missing parent folders are created, too, with the default permissions of the system.</summary>
    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }
}
