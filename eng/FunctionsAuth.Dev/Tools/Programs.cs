namespace FunctionsAuth.Dev.Tools;

internal static class Programs
{
    // npm is a script on Windows, node a program.
    private static readonly string[] Endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];

    /// <returns>Its full path, or null when it is not on the PATH.</returns>
    public static string? Find(string name) =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
         from ending in Endings
         let file = Path.Combine(folder, name + ending)
         where File.Exists(file)
         select file).FirstOrDefault();
}
