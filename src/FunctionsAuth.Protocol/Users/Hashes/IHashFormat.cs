namespace FunctionsAuth.Protocol.Users.Hashes;

/// <summary>A way in which systems write the hash of a password as text.</summary>
internal interface IHashFormat
{
    /// <summary>How texts of this format begin; the text may still be wrong.</summary>
    bool Begins(string text);

    HashReading Read(string text);
}

/// <summary>A hash, or what is wrong with its text.</summary>
/// <param name="Problem">The rest of a sentence whose subject is the text. It quotes nothing of it.</param>
internal readonly record struct HashReading(IPasswordHash? Hash, string? Problem)
{
    public static HashReading Wrong(string problem) => new(null, problem);
}
