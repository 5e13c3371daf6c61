namespace FunctionsAuth.Protocol.Users.Hashes;

/// <summary>A way in which systems write the hash of a password as text.</summary>
internal interface IHashFormat
{
    /// <summary>Whether a text begins like this format. The rest of the text may still be wrong.</summary>
    bool Begins(string text);

    HashReading Read(string text);
}

/// <summary>A hash, or the problem of its text.</summary>
/// <param name="Problem">The rest of a sentence whose subject is the text. It contains no part of the text.</param>
internal readonly record struct HashReading(IPasswordHash? Hash, string? Problem)
{
    public static HashReading Wrong(string problem) => new(null, problem);
}
