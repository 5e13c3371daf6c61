using System.Security.Cryptography;
using System.Text;
using Konscious.Security.Cryptography;

namespace FunctionsAuth.Protocol.Users.Hashes;

/// <summary>Argon2id (RFC 9106): <c>$argon2id$v=19$m=19456,t=2,p=1$salt$hash</c>, with the memory m in KiB, t passes over it, and p lanes.</summary>
internal sealed class Argon2Format : IHashFormat
{
    /// <summary>In KiB: 64 MiB. An instance may have 512 MiB in all.</summary>
    private const int MaxMemory = 64 * 1024;

    /// <summary>Ten passes over the largest memory: about as much work as PBKDF2 may cost.</summary>
    private const int MaxWork = 10 * MaxMemory;

    private const int MaxLanes = 16;

    /// <summary>RFC 9106 §3.1: 8 KiB for each lane.</summary>
    private const int MemoryOfLane = 8;

    // 0x13, the only one that RFC 9106 knows.
    private const int Version = 19;

    public bool Begins(string text) => text.StartsWith("$argon2id$", StringComparison.Ordinal);

    public HashReading Read(string text)
    {
        if (!PhcString.TryRead(text, ["v", "m", "t", "p"], out var phc, out var problem))
            return HashReading.Wrong(problem);
        if (phc["v"] is not Version)
            return HashReading.Wrong($"must have v={Version}, the version 1.3 of Argon2");
        if (phc["p"] is not (>= 1 and <= MaxLanes and var lanes))
            return HashReading.Wrong($"must have 1 to {MaxLanes} lanes, as the parameter p");
        if (phc["m"] is not (<= MaxMemory and var memory) || memory < MemoryOfLane * lanes)
            return HashReading.Wrong($"must have {MemoryOfLane} KiB for each lane and {MaxMemory} KiB at most, as the parameter m");
        return phc["t"] is >= 1 and var passes && (long)passes * memory <= MaxWork
            ? new HashReading(new Argon2Hash(memory, passes, lanes, phc.Salt, phc.Hash), null)
            : HashReading.Wrong($"must have at least one pass, as the parameter t, and m times t must be at most {MaxWork}");
    }

    private sealed class Argon2Hash(int memory, int passes, int lanes, byte[] salt, byte[] tag) : IPasswordHash
    {
        private const int Sample = 2048;

        // The lanes run at the same time, and the time that passes is what strangers could see.
        private static readonly Weight WeightOfBlock = new(Sample, () => Compute("password"u8.ToArray(), Sample, 1, 1, new byte[16], 32));

        // In KiB, since the last collection: garbage takes memory, too.
        private static int used;

        public double Cost => (double)memory * passes * WeightOfBlock.Value / Math.Min(lanes, Environment.ProcessorCount);

        public bool TakesMemory => true;

        public bool Matches(string password)
        {
            MakeRoom(memory);
            // The library takes no empty password. No system lets anybody have one, so it is wrong, after the same work.
            var computed = Compute(Encoding.UTF8.GetBytes(password.Length == 0 ? "-" : password), memory, passes, lanes, salt, tag.Length);
            return CryptographicOperations.FixedTimeEquals(computed, tag) && password.Length > 0;
        }

        /// <summary>What verifications have left behind counts among the memory that they may fill. To collect it takes about a millisecond.</summary>
        private static void MakeRoom(int memory)
        {
            if (Interlocked.Add(ref used, memory) <= MaxMemory)
                return;
            GC.Collect();
            Interlocked.Exchange(ref used, memory);
        }

        private static byte[] Compute(byte[] password, int memory, int passes, int lanes, byte[] salt, int length)
        {
            using var argon2 = new Argon2id(password) { Salt = salt, MemorySize = memory, Iterations = passes, DegreeOfParallelism = lanes };
            return argon2.GetBytes(length);
        }
    }
}
