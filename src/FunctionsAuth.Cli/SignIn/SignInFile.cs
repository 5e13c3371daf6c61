using System.Text.Json;

namespace FunctionsAuth.Cli.SignIn;

/// <summary>Stores sign-ins in a file that only the user can read.</summary>
internal sealed class SignInFile(string folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const int MostTries = 300;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private readonly string path = Path.Combine(folder, "sign-ins.json");

    public SignIns Read()
    {
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize<SignIns>(File.ReadAllText(path), Options) is { Servers: not null } kept ? kept : new SignIns(null, new Dictionary<string, SignedIn>());
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw CliFailure.Usage($"The sign-ins in {path} can't be read: {e.Message}");
        }
    }

    /// <param name="isLogin">Whether later commands without a server use this one.</param>
    public void Save(SignedIn signedIn, bool isLogin)
    {
        using var alone = Lock();
        Replace(signedIn, isLogin);
    }

    /// <summary>The same for a caller that holds the lock.</summary>
    public void Replace(SignedIn signedIn, bool isLogin)
    {
        var kept = Read();
        Write(new SignIns(isLogin ? signedIn.Issuer : kept.Last, new Dictionary<string, SignedIn>(kept.Servers) { [signedIn.Issuer] = signedIn }));
    }

    public void Remove(string issuer)
    {
        using var alone = Lock();
        var kept = Read();
        var left = kept.Servers.Where(entry => entry.Key != issuer).ToDictionary();
        Write(new SignIns(kept.Last == issuer ? left.Keys.FirstOrDefault() : kept.Last, left));
    }

    /// <summary>Prevents changes of the file by other processes of this tool: two processes that refresh one sign-in at the same time would end it.</summary>
    /// <exception cref="CliFailure">Another process has held the lock for too long.</exception>
    public IDisposable Lock()
    {
        MakeFolder();
        for (var tries = 0; ; tries++)
        {
            try
            {
                return new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries < MostTries)
            {
                Thread.Sleep(Pause);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw CliFailure.Usage($"The sign-ins in {path} can't be changed: {e.Message}");
            }
        }
    }

    private void MakeFolder()
    {
        // On Windows the folder is in the user's profile, which other users cannot read.
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    private void Write(SignIns signIns)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            MakeFolder();
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnly;
            // The file is replaced as a whole, and is never readable by others.
            var next = $"{path}.{Environment.ProcessId}";
            File.Delete(next);
            using (var stream = new FileStream(next, options))
                JsonSerializer.Serialize(stream, signIns, Options);
            File.Move(next, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliFailure.Usage($"The sign-ins can't be kept in {path}: {e.Message}");
        }
    }
}
